using System.Diagnostics;

namespace MockSre.Web.Tests.Composition;

/// <summary>The Makefile targets with a URL argument.</summary>
public class MakefileTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Load_UrlWithOrWithoutSlash_ReachesTheProfiles(string slash)
    {
        await using var app = MockSreApp.StartOnSocket();
        var address = app.ClientOptions.BaseAddress.GetLeftPart(UriPartial.Authority);

        var (exitCode, output) = await MakeAsync("load", $"URL={address}{slash}", "N=5", "C=5");

        Assert.Equal(0, exitCode);
        Assert.Contains("200: 5\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Investigate_UrlWithASlash_LosesIt()
    {
        var (_, commands) = await MakeAsync("--dry-run", "investigate", "URL=http://localhost:1/base/");

        Assert.Contains("URL=\"http://localhost:1/base\"", commands, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> MakeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("make", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        using var make = Process.Start(start)!;
        var output = await make.StandardOutput.ReadToEndAsync();
        await make.WaitForExitAsync();
        return (make.ExitCode, output);
    }
}
