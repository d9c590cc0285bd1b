using MockSre.Domain.Faults;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Settings;

public sealed class EnvExampleTests
{
    private static readonly Dictionary<string, string> Lines = File.ReadLines(Repository.PathOf(".env.example"))
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    [Fact]
    public void EnvExample_ItsKeys_AreAllTheVariablesThereAre() => Assert.Equal(ServiceSettings.Variables.Order(), Lines.Keys.Order());

    [Fact]
    public void EnvExample_AsItIs_MeansTheDefaultsInADemo()
    {
        var settings = ServiceSettings.Read(Lines.GetValueOrDefault, Modes.Names, out var problems);

        Assert.Empty(problems);
        Assert.Equivalent(new ServiceSettings { Environment = ServiceEnvironment.Demo, FailureMode = "none" }, settings, strict: true);
    }
}
