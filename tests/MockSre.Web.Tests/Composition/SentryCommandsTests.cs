using System.Text.Json;
using MockSre.Checks;
using MockSre.Domain.Fixtures;
using MockSre.Web.Tests.SentryClient;

namespace MockSre.Web.Tests.Composition;

/// <summary>The commands release and alerts, with the real program.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class SentryCommandsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = ServiceProcess.NewDirectory();
    private FakeSentry _sentry = null!;

    public async Task InitializeAsync() => _sentry = await FakeSentry.StartAsync();

    public async Task DisposeAsync()
    {
        await _sentry.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Release_Twice_TellsTheFixturesOnceAndTouchesNoDatabase()
    {
        var fixture = new FixtureReader(Path.Combine(AppContext.BaseDirectory, "fixtures")).ReadCommits();
        var commits = fixture.Value.Reverse().ToList();
        var before = TimeProvider.System.GetUtcNow();

        var first = await RunAsync("release", _sentry.Variables);
        var second = await RunAsync("release", _sentry.Variables);

        Assert.Equal((0, "", 0, ""), (first.ExitCode, first.Error, second.ExitCode, second.Error));
        Assert.EndsWith($"{commits.Count} deploys are new.\n", first.Output, StringComparison.Ordinal);
        Assert.EndsWith(" 0 deploys are new.\n", second.Output, StringComparison.Ordinal);
        Assert.Equal(commits.Count + 1, first.Output.TrimEnd().Split('\n').Length);
        Assert.Equal(commits.Count * 7, _sentry.Requests.Count);
        Assert.All(_sentry.Requests, request => Assert.Equal("Bearer " + FakeSentry.Token, request.Authorization));

        var deploys = commits.Select(commit => _sentry.Deploys[commit.Sha].Single()["dateFinished"]!.GetValue<DateTimeOffset>()).ToList();
        Assert.InRange(deploys[^1], before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(commits.Select(commit => commits[^1].Timestamp - commit.Timestamp), deploys.Select(deploy => deploys[^1] - deploy));
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task Alerts_Twice_AreTwo()
    {
        var first = await RunAsync("alerts", _sentry.Variables);
        var second = await RunAsync("alerts", _sentry.Variables);

        Assert.Equal((0, "", 0, ""), (first.ExitCode, first.Error, second.ExitCode, second.Error));
        Assert.Equal(2, _sentry.Rules.Count);
        Assert.Equal(2, first.Output.Split(": created").Length - 1);
        Assert.Equal(2, second.Output.Split(": updated").Length - 1);
        Assert.Empty(_directory.GetFiles());
    }

    [Theory]
    [InlineData("release")]
    [InlineData("alerts")]
    public async Task Command_NothingSet_SaysAllAtOnce(string command)
    {
        var (exitCode, output, error) = await RunAsync(command, new() { ["ENV"] = "production" });

        Assert.Equal((1, ""), (exitCode, output));
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal(["SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT", "ENV"], lines.Select(line => line.Split(':')[0]));
        Assert.Equal(3, lines.Count(line => line.Contains(": not set; allowed: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("SENTRY_AUTH_TOKEN", "s3cret s3cret")]
    [InlineData("SENTRY_ORG", "acme/..")]
    [InlineData("SENTRY_PROJECT", "Mock")]
    [InlineData("SENTRY_URL", "http://sentry.invalid")]
    public async Task Command_SettingWrong_IsOneLineAndNothingIsSent(string variable, string value)
    {
        var variables = _sentry.Variables;
        variables[variable] = value;

        var (exitCode, output, error) = await RunAsync("release", variables);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith(variable + ": ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(_sentry.Requests);
    }

    [Fact]
    public async Task Command_SettingsOfTheServiceWrong_DoNotMatter()
    {
        var variables = _sentry.Variables;
        variables["DATABASE_URL"] = "postgresql://nowhere/db";
        variables["DB_POOL_LIMIT"] = "0";
        variables["ASPNETCORE_URLS"] = "nonsense";

        var (exitCode, _, error) = await RunAsync("alerts", variables);

        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task Command_ProxySet_DoesNotSeeTheTokenOnTheWayToThisMachine()
    {
        await using var proxy = await FakeSentry.StartAsync();
        var variables = _sentry.Variables;
        variables["http_proxy"] = proxy.Url;
        variables["no_proxy"] = "";

        var (exitCode, _, error) = await RunAsync("alerts", variables);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task Command_DotEnv_IsReadAndKnownToTheServiceToo()
    {
        var lines = _sentry.Variables.Select(pair => $"{pair.Key}={pair.Value}");
        await File.WriteAllLinesAsync(Path.Combine(_directory.FullName, ".env"), lines);

        var alerts = await RunAsync("alerts", []);
        var seed = await RunAsync("seed", []);

        Assert.Equal((0, "", 0, ""), (alerts.ExitCode, alerts.Error, seed.ExitCode, seed.Error));
        Assert.Equal(2, _sentry.Rules.Count);
    }

    [Theory]
    [InlineData("release", "project:releases")]
    [InlineData("alerts", "alerts:write")]
    public async Task Command_Refused_IsOneLineWithoutTheToken(string command, string scope)
    {
        _sentry.Instead = _ => FakeSentry.Json(403, JsonSerializer.Serialize(new { detail = $"Not with\n{FakeSentry.Token}" }));

        var (exitCode, output, error) = await RunAsync(command, _sentry.Variables);

        Assert.Equal((1, ""), (exitCode, output));
        var line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("403: Not with …. Check that SENTRY_AUTH_TOKEN", line, StringComparison.Ordinal);
        Assert.Contains(scope, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_RefusedHalfWay_SaysWhatWasDone()
    {
        _sentry.Instead = context => _sentry.Requests.Count > 10 ? FakeSentry.Json(404, """{"detail":"gone"}""") : null;

        var (exitCode, output, error) = await RunAsync("release", _sentry.Variables);

        Assert.Equal(1, exitCode);
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
        Assert.Contains("404: gone. Check SENTRY_ORG", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_NobodyThere_IsOneLine()
    {
        await using var nobody = SentryStub.Refusing();
        var variables = _sentry.Variables;
        variables["SENTRY_URL"] = $"http://{new Uri(nobody.Dsn).Authority}";

        var (exitCode, output, error) = await RunAsync("release", variables);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("Connection refused", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string command, Dictionary<string, string> variables)
    {
        await using var program = ServiceProcess.Start(_directory, variables, command);
        var end = await program.EndAsync();
        Assert.DoesNotContain("s3cret", end.Output + end.Error, StringComparison.Ordinal);
        return end;
    }
}
