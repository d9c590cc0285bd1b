using MockSre.Web.Composition;

namespace MockSre.Web.Tests.Composition;

/// <summary>Command lines that the program answers without starting.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--prt 8162", "'--prt'")]
    [InlineData("--prt=8162", "'--prt'")]
    [InlineData("-p=8000", "'-p=8000'")]
    [InlineData("--environment demo", "'--environment'")]
    [InlineData("--contentRoot .", "'--contentRoot'")]
    [InlineData("frobnicate", "'frobnicate'")]
    [InlineData("-- frobnicate", "'frobnicate'")]
    [InlineData("@frobnicate", "'@frobnicate'")]
    [InlineData("/", "'/'")]
    [InlineData("--FAILURE_MODE combined", "FAILURE_MODE is a setting")]
    [InlineData("--failure-mode=combined", "FAILURE_MODE is a setting")]
    public void Start_NotUnderstood_NamesTheMistakeAndWhatIsKnown(string arguments, string mistake)
    {
        var (exitCode, output, error) = Answer(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(mistake, error, StringComparison.Ordinal);
        Assert.All(["--port", "--urls", "seed", "release", "alerts"], known => Assert.Contains(known, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--port", "--port")]
    [InlineData("--port 0", "--port")]
    [InlineData("--port 65536", "--port")]
    [InlineData("--port 8162x", "--port")]
    [InlineData("--port 8162 --urls http://localhost:8162", "exclude")]
    [InlineData("--urls", "--urls")]
    [InlineData("--urls http://localhost:1 --urls http://localhost:2", "--urls")]
    public void Start_WrongValue_SaysThatAlone(string arguments, string mistake)
    {
        var (exitCode, output, error) = Answer(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(mistake, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sead", "seed")]
    [InlineData("--prot 1", "--port")]
    [InlineData("--prt=8162", "--port")]
    [InlineData("--url=http://localhost:8162", "--urls")]
    public void Start_NearMiss_IsToldWhatWasMeant(string arguments, string meant)
    {
        var (_, _, error) = Answer(arguments);

        Assert.Equal(meant, error.Split('\n')[1].Trim());
        Assert.DoesNotContain("'1'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed", "--urls http://localhost:8162")]
    [InlineData("seed", "--port=8162")]
    [InlineData("release", "--port=8162")]
    [InlineData("alerts", "--SENTRY_ORG=x")]
    public void Command_OptionThatItDoesNotUse_IsRefused(string command, string option)
    {
        foreach (var arguments in new[] { $"{command} {option}", $"{option} {command}" })
        {
            var (exitCode, output, error) = Answer(arguments);

            Assert.Equal((1, ""), (exitCode, output));
            Assert.Contains(option.Split(' ', '=')[0], error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--help", "--port --urls seed release alerts")]
    [InlineData("-h", "--port --urls seed release alerts")]
    [InlineData("seed --help", "seed")]
    public void Start_Help_ListsCommandsAndOptions(string arguments, string known)
    {
        var (exitCode, output, error) = Answer(arguments);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(known.Split(' '), name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    private static (int ExitCode, string Output, string Error) Answer(string arguments)
    {
        var commandLine = CommandLine.Read(arguments.Split(' '));
        Assert.True(commandLine.IsAnswered);
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (commandLine.Answer(output, error), output.ToString(), error.ToString());
    }
}
