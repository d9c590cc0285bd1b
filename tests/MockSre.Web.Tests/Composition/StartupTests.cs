using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using MockSre.Domain.Settings;
using MockSre.Web.Data;

namespace MockSre.Web.Tests.Composition;

/// <summary>Starts and stops the real program.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class StartupTests : IDisposable
{
    private const string AnyPort = "--urls=http://127.0.0.1:0";

    private readonly DirectoryInfo _directory = ServiceProcess.NewDirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Start_NothingSet_ServesLocalFromItsWorkingDirectory()
    {
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), AnyPort);

        var (line, address) = await service.GreetingAsync();

        Assert.Contains("mode none, environment local", line, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = address };
        using var profile = await http.GetProfileAsync(7);
        Assert.Equal(HttpStatusCode.OK, profile.StatusCode);
        Assert.True(File.Exists(Path.Combine(_directory.FullName, "app.db")));
        using var fixtures = await http.GetAsync(new Uri("/api/fixtures/commits", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, fixtures.StatusCode);
    }

    [Fact]
    public async Task Start_DotEnv_IsReadAndTheEnvironmentWins()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory.FullName, ".env"),
            "# a comment\nexport ENV=demo # another\nFAILURE_MODE=combined\nDATABASE_URL=\"sqlite:///quoted.db\"\n");
        await using var service = ServiceProcess.Start(
            _directory, new Dictionary<string, string> { ["FAILURE_MODE"] = "cache_off" }, AnyPort);

        var (line, _) = await service.GreetingAsync();

        Assert.Contains("mode cache_off, environment demo.", line, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_directory.FullName, "quoted.db")));
    }

    [Fact]
    public async Task Start_DotEnvWithATypo_SaysSoAndStarts()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory.FullName, ".env"), "FAILURE_MOD=combined\nsentry_dsn=\nsntrys_hunter2==\nhttps://hunter2@host/1?a=b\n");
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), "seed");

        var (exitCode, _, error) = await service.EndAsync();

        // A line without a valid name may hold a secret.
        Assert.Equal(0, exitCode);
        Assert.Contains("FAILURE_MOD,", error, StringComparison.Ordinal);
        Assert.Contains("sentry_dsn,", error, StringComparison.Ordinal);
        Assert.Contains("a line without a valid NAME,", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BadSettings_SaysAllOfThemAtOnceAndNoSecret()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "text.db"), new string('x', 5000));
        await using var service = ServiceProcess.Start(
            _directory,
            new Dictionary<string, string>
            {
                ["ENV"] = "production",
                ["FAILURE_MODE"] = "chaos",
                ["DB_POOL_LIMIT"] = "0",
                ["DB_POOL_TIMEOUT_MS"] = "soon",
                ["DISABLE_CACHE"] = "perhaps",
                ["SENTRY_DSN"] = "s3cret",
                ["ADMIN_TOKEN"] = "s3cret token",
                ["ALLOWED_HOSTS"] = "http://x",
                ["DATABASE_URL"] = "sqlite:///text.db",
            },
            "--urls=nonsense");

        var (exitCode, output, error) = await service.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        var lines = error.TrimEnd().Split('\n');
        string[] variables =
        [
            "SENTRY_DSN", "ENV", "DISABLE_CACHE", "DB_POOL_LIMIT", "FAILURE_MODE", "DB_POOL_TIMEOUT_MS", "ADMIN_TOKEN", "ALLOWED_HOSTS",
            "--urls", "DATABASE_URL",
        ];
        Assert.Equal(variables.Length, lines.Length);
        Assert.All(variables, variable => Assert.Single(lines, line => line.StartsWith(variable, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Contains("allowed:", line, StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite:///app.db", "another file than DATABASE_URL")]
    [InlineData("sqlite:///./folder/../app.db", "another file than DATABASE_URL")]
    [InlineData("sqlite:///no/such/directory/incidents.db", "directory that exists")]
    [InlineData("sqlite:///text.db", "something else")]
    public async Task Start_IncidentsDatabaseThatCannotBeUsed_IsOneLine(string url, string reason)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "text.db"), new string('x', 200));
        await using var service = ServiceProcess.Start(
            _directory, new Dictionary<string, string> { ["INCIDENTS_DATABASE_URL"] = url }, AnyPort);

        var (exitCode, _, error) = await service.EndAsync();

        Assert.Equal(1, exitCode);
        var line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("INCIDENTS_DATABASE_URL", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory.FullName, "app.db")));
    }

    [Theory]
    [InlineData("postgresql://user:s3cret@host/db", "sqlite:///relative.db")]
    [InlineData("sqlite:///no/such/directory/app.db", "directory that exists")]
    [InlineData("sqlite:////", "sqlite:///relative.db")]
    [InlineData("sqlite:///foreign.db", "another program")]
    [InlineData("sqlite:///folder", "directory that exists")]
    public async Task Start_DatabaseThatCannotBeUsed_IsOneLine(string url, string reason)
    {
        _directory.CreateSubdirectory("folder");
        await using (var foreign = new SqliteConnection($"Data Source={Path.Combine(_directory.FullName, "foreign.db")};Pooling=False"))
        {
            await foreign.OpenAsync();
            using var create = foreign.CreateCommand();
            create.CommandText = "CREATE TABLE precious (id INTEGER)";
            await create.ExecuteNonQueryAsync();
        }

        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string> { ["DATABASE_URL"] = url }, AnyPort);
        var (exitCode, _, error) = await service.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith("DATABASE_URL: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_IsOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), $"--urls=http://127.0.0.1:{port}");

        var (exitCode, output, error) = await service.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains($"127.0.0.1:{port}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0")]
    [InlineData("ASPNETCORE_URLS", "http://+:0")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("DOTNET_URLS", "http://*:0")]
    public async Task Start_DemoBeyondLoopbackWithoutToken_Refuses(string variable, string value)
    {
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string> { ["ENV"] = "demo", [variable] = value });

        var (exitCode, _, error) = await service.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith("ADMIN_TOKEN: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUBLIC_URL", "https://demo.example/")]
    [InlineData("FORWARDED_HEADERS", "127.0.0.1")]
    public async Task Start_DemoBehindAProxyWithoutToken_Refuses(string variable, string value)
    {
        await using var service = ServiceProcess.Start(
            _directory, new Dictionary<string, string> { ["ENV"] = "demo", [variable] = value }, AnyPort);

        var (exitCode, _, error) = await service.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith("ADMIN_TOKEN: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AspNetCoreUrls_IsWhereItServes()
    {
        await using var service = ServiceProcess.Start(
            _directory, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://[::1]:0" });

        var (_, address) = await service.GreetingAsync();

        Assert.Equal("[::1]", address.Host);
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Fact]
    public async Task Seed_Command_FillsTheDatabaseAndEnds()
    {
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), "seed");

        var (exitCode, output, error) = await service.EndAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("10 profiles", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_directory.FullName, "app.db")));
    }

    [Fact]
    public async Task Seed_AnotherProcessPlaysARun_IsOneLineAndEndsWithOne()
    {
        await using (var first = ServiceProcess.Start(_directory, new Dictionary<string, string>(), "seed"))
        {
            await first.EndAsync();
        }

        using var theirs = new DatabaseLock(new DatabaseUrl(Path.Combine(_directory.FullName, "app.db")));
        using var held = theirs.TryTake();
        await using var second = ServiceProcess.Start(_directory, new Dictionary<string, string>(), "seed");
        var (exitCode, output, error) = await second.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("DATABASE_URL: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NotUnderstood_EndsBeforeAnythingElse()
    {
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), "--prt", "8162");

        var (exitCode, output, error) = await service.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("'--prt'", error, StringComparison.Ordinal);
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task Start_Help_IsTheOutput()
    {
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), "--help");

        var (exitCode, output, error) = await service.EndAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("--port", output, StringComparison.Ordinal);
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task Start_PublicUrl_IsWhatToOpen()
    {
        var settings = InMemory("PUBLIC_URL", "https://demo.example/mocksre/");
        settings["ADMIN_TOKEN"] = "correct-horse-battery-staple";
        await using var service = ServiceProcess.Start(_directory, settings, "--urls", "http://127.0.0.1:0");

        Assert.Equal("Open https://demo.example/mocksre/", await service.OutputLineAsync("Open "));
    }

    [Fact]
    public async Task Start_Port_IsServedOnLocalhost()
    {
        var port = FreePort();
        await using var service = ServiceProcess.Start(_directory, InMemory("ASPNETCORE_URLS", "http://127.0.0.1:0"), "--port", $"{port}");

        var (line, address) = await service.GreetingAsync();

        Assert.Contains($"http://localhost:{port} ", line, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Theory]
    [InlineData("http://*:{0}", "")]
    [InlineData("http://0.0.0.0:{0}/", "")]
    [InlineData("http://demo.example:{0}", "demo.example")]
    public async Task Start_OnEveryInterface_SaysAnAddressThatOneCanOpen(string urls, string allowedHosts)
    {
        var port = FreePort();
        await using var service = ServiceProcess.Start(
            _directory, InMemory("ALLOWED_HOSTS", allowedHosts), "--urls", urls.Replace("{0}", $"{port}", StringComparison.Ordinal));

        var (line, address) = await service.GreetingAsync();
        var next = await service.OutputLineAsync("Open ");

        Assert.Equal($"http://localhost:{port}/", address.ToString());
        Assert.Equal(allowedHosts.Length > 0, line.Contains($", http://demo.example:{port} ", StringComparison.Ordinal));
        Assert.Equal($"Open http://localhost:{port}", next);
        using var http = new HttpClient();
        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri($"{next["Open ".Length..]}/health")));
    }

    [Fact]
    public async Task Start_OtherNamesInDotEnv_HaveNoEffect()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, ".env"), "env=demo\nfailure_mode=combined\nhttp_ports=1\n");
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string>(), AnyPort);

        var (line, address) = await service.GreetingAsync();

        Assert.Contains("mode none, environment local", line, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", address.Host);
    }

    [Fact]
    public async Task Run_DatabaseDeleted_FailsClearlyAndMakesNoEmptyOne()
    {
        await using var service = ServiceProcess.Start(_directory, new Dictionary<string, string> { ["ENV"] = "demo" }, AnyPort);
        var (_, address) = await service.GreetingAsync();
        using var http = new HttpClient { BaseAddress = address };
        foreach (var file in _directory.GetFiles("app.db*"))
        {
            file.Delete();
        }

        using var profile = await http.GetProfileAsync(1);
        using var set = await http.SetModeAsync("pool_saturation");

        await profile.ProblemAsync(500);
        Assert.Contains("restart the service", await set.ProblemAsync(503), StringComparison.Ordinal);
        Assert.Empty(_directory.GetFiles("app.db"));
        Assert.Equal("none", (await http.GetJsonAsync("/admin/failure-mode")).GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_SlowRequestsUnderWay_EndsWithoutThem(string signal)
    {
        await using var service = ServiceProcess.Start(
            _directory,
            new Dictionary<string, string>
            {
                ["FAILURE_MODE"] = "slow_query",
                ["DB_POOL_LIMIT"] = "2",
                ["DB_POOL_TIMEOUT_MS"] = "60000",
            },
            AnyPort);
        var (_, address) = await service.GreetingAsync();
        using var http = new HttpClient { BaseAddress = address };

        // Two at a time, the scans of all requests take sixty seconds.
        var requests = Enumerable.Range(0, 60).Select(i => http.GetProfileAsync((i % 10) + 1)).ToList();
        await http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("pool").GetProperty("waiting").GetInt32() > 10);
        await service.SignalAsync(signal);

        var (exitCode, _, _) = await service.EndAsync().WaitAsync(TimeSpan.FromSeconds(20)); // make check-modes asserts 5 s
        Assert.Equal(0, exitCode);
        await Task.WhenAll(requests).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static Dictionary<string, string> InMemory(string variable, string value) =>
        new() { ["DATABASE_URL"] = "sqlite://", ["INCIDENTS_DATABASE_URL"] = "sqlite://", [variable] = value };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
