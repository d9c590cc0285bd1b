using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MockSre.Checks;

namespace MockSre.Web.Tests.Signals;

/// <summary>The signals that the real program sends to Sentry in each mode.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed partial class SentryWireTests(SentryFixture fixture) : IClassFixture<SentryFixture>, IAsyncLifetime
{
    private const string Name = "GET /api/users/profile/{user_id}";

    private static readonly string[] Tags = ["demo_scenario", "failure_mode"];

    private readonly SentryReceiver _sentry = fixture.Sentry;
    private readonly SentryService _service = fixture.Service;

    public async Task InitializeAsync()
    {
        await _service.SetModeAsync("none");
        _sentry.Clear();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Wire_AnEnvelope_IsPostedToTheDsnsProjectWithItsKeyAndGzipped()
    {
        await _service.SendAsync(1);
        await _sentry.UntilAsync(sentry => sentry.All.Count == 1);

        var received = Assert.Single(_sentry.All);
        Assert.Equal(("POST", $"/api/{SentryReceiver.Project}/envelope/"), (received.Method, received.Path));
        Assert.Equal(("gzip", "application/x-sentry-envelope"), (received.Headers["Content-Encoding"], received.Headers["Content-Type"]));
        Assert.Matches($"^Sentry sentry_version=7,sentry_client=[^,]+,sentry_key={SentryReceiver.Key}$", received.Headers["X-Sentry-Auth"]);
        Assert.DoesNotContain("traceparent", received.Headers.Keys);
        using var header = JsonDocument.Parse(received.Text.Split('\n')[0]);
        Assert.Equal(
            ("mocksre", SentryReceiver.Key), (header.RootElement.Text("trace", "release"), header.RootElement.Text("trace", "public_key")));
        Assert.DoesNotContain("sentry-trace", received.Headers.Keys);
    }

    [Fact]
    public async Task None_TheFirstRequestOfAUserAndTheNext_AreTransactionsWithTheirSteps()
    {
        await _service.SendAsync(1);
        await _sentry.UntilAsync(sentry => sentry.Transactions.Count == 1);
        await _service.SendAsync(1);
        await _sentry.UntilAsync(sentry => sentry.Transactions.Count == 2);

        Assert.Empty(_sentry.Events);
        foreach (var transaction in _sentry.Transactions)
        {
            Assert.Equal((Name, "route"), (transaction.Text("transaction"), transaction.Text("transaction_info", "source")));
            Assert.Equal(
                ("http.server", "demo", "8a2c5e0"),
                (transaction.Text("contexts", "trace", "op"), transaction.Text("environment"), transaction.Text("release")));
            Assert.Equal(("ok", "200"), transaction.Outcome());
            Assert.Equal(Tags, transaction.GetProperty("tags").EnumerateObject().Select(tag => tag.Name).Order());
            Assert.Equal(("none", "incident_b"), (transaction.Tag("failure_mode"), transaction.Tag("demo_scenario")));
        }

        var (miss, hit) = (_sentry.Transactions[0], _sentry.Transactions[1]);
        Assert.Equal(["false"], miss.Spans("cache.get").Select(span => span.Text("data", "cache.hit")));
        JsonElement[] steps = [.. miss.Spans("cache.get"), .. miss.Spans("db.pool.wait"), .. miss.Spans("db.query")];
        Assert.Equal(["cache.get", "db.pool.wait", "db.query", "db.query"], steps.Select(step => step.Text("op")));
        Assert.All(steps, step => Assert.Equal("ok", step.Text("status")));
        Assert.All(
            steps.Zip(steps.Skip(1)),
            pair => Assert.True(pair.First.At("timestamp") <= pair.Second.At("start_timestamp"), $"{pair.First} overlaps {pair.Second}"));
        Assert.Equal(1, miss.Reads());
        Assert.Equal(["Cache miss", "Connection leased: 1 of 20 in use", "Reading the profile from the database"], miss.Breadcrumbs());
        Assert.Equal(["true"], hit.Spans().Select(span => span.Text("data", "cache.hit")));
        Assert.Equal(0, hit.Reads());
        Assert.Equal(["Cache hit"], hit.Breadcrumbs());
    }

    [Fact]
    public async Task CacheOff_EveryRequest_TellsOfTheBypassAndReadsTheDatabase()
    {
        await _service.SetModeAsync("cache_off");
        await _service.SendAsync(10);
        await _service.SendAsync(10);
        await _sentry.UntilAsync(sentry => sentry.Transactions.Count == 20);

        Assert.Empty(_sentry.Events);
        Assert.All(_sentry.Transactions, transaction =>
        {
            Assert.Equal(("cache_off", "b71e4d8"), (transaction.Tag("failure_mode"), transaction.Text("release")));
            Assert.StartsWith("Cache bypassed", transaction.Breadcrumbs()[0], StringComparison.Ordinal);
            Assert.Equal(1, transaction.Reads());
            Assert.Empty(transaction.Spans("cache.get"));
            Assert.Equal(2, transaction.Spans("db.query").Length);
        });
    }

    [Fact]
    public async Task SlowQuery_ARequest_HasASelectOfTwoSeconds()
    {
        await _service.SetModeAsync("slow_query");
        await _service.SendAsync(2);
        await _sentry.UntilAsync(sentry => sentry.Transactions.Count == 2);

        Assert.Empty(_sentry.Events);
        Assert.All(_sentry.Transactions, transaction =>
        {
            Assert.Equal(("slow_query", "c95a017"), (transaction.Tag("failure_mode"), transaction.Text("release")));
            Assert.Equal(("ok", "200"), transaction.Outcome());
            var slow = transaction.Spans("db.query").MaxBy(Payload.Duration);
            Assert.StartsWith("SELECT", slow.Text("description"), StringComparison.Ordinal);
            Assert.Contains("fold_key", slow.Text("description"), StringComparison.Ordinal);
            Assert.True(slow.Duration() > TimeSpan.FromSeconds(1.5), slow.Duration().ToString());
            Assert.True(transaction.Duration() > slow.Duration(), transaction.Duration().ToString());
        });
    }

    [Fact]
    public async Task PoolSaturation_EveryFailure_IsOneErrorWithItsStory()
    {
        await _service.SetModeAsync("pool_saturation");

        // One request waits first, so that the others see a longer queue.
        var (first, _) = await WaitingAsync(1);
        var others = await _service.SendAsync(9);
        Assert.All([.. await first, .. others], status => Assert.Equal(500, status));
        await ComeToRestAsync(10);

        Assert.Equal((10, 10), (_sentry.Events.Count, _sentry.Transactions.Count));
        Assert.Equal(10, _sentry.Events.Select(error => error.Text("event_id")).Distinct().Count());
        Assert.Equal(
            _sentry.Transactions.Select(transaction => transaction.TraceId()).Order(),
            _sentry.Events.Select(error => error.TraceId()).Order());
        Assert.All(_sentry.Transactions, transaction =>
        {
            Assert.Equal(("internal_error", "500"), transaction.Outcome());
            Assert.Equal(0, transaction.Reads());
            var wait = Assert.Single(transaction.Spans());
            Assert.Equal(
                ("db.pool.wait", "Wait for a database connection", "deadline_exceeded"),
                (wait.Text("op"), wait.Text("description"), wait.Text("status")));
            Assert.Equal(("2", "2"), (wait.Text("data", "pool.limit"), wait.Text("data", "pool.in_use")));
            Assert.InRange(int.Parse(wait.Text("data", "pool.waiting")!, CultureInfo.InvariantCulture), 1, 10);
        });
        Assert.All(_sentry.Events, error =>
        {
            Assert.Equal(
                ("pool_saturation", "incident_b", "d40f3b2"),
                (error.Tag("failure_mode"), error.Tag("demo_scenario"), error.Text("release")));
            Assert.Equal(Tags, error.GetProperty("tags").EnumerateObject().Select(tag => tag.Name).Order());
            Assert.Equal((Name, "demo", "error"), (error.Text("transaction"), error.Text("environment"), error.Text("level")));
            Assert.Equal("MockSre.Domain.Profiles.PoolTimeoutException", error.Exception().Text("type"));
            Assert.Equal("No database connection became free in time", error.Exception().Text("value"));
            Assert.Equal(
                ["MockSre.Domain.Profiles.PoolTimeoutException", "ConnectionPool.AcquireAsync"],
                error.GetProperty("fingerprint").EnumerateArray().Select(part => part.GetString()));
            Assert.Equal(
                ("1000", "2", "2"),
                (error.Timeout("waited_ms"), error.Timeout("pool.limit"), error.Timeout("pool.in_use")));
            Assert.Single(error.GetProperty("exception").GetProperty("values").EnumerateArray());
            Assert.Equal("false", error.Exception().Text("mechanism", "handled"));

            var thrown = error.Frames()[^1];
            Assert.Equal("true", thrown.Text("in_app"));
            Assert.Contains("ConnectionPool.AcquireAsync(", thrown.Text("function"), StringComparison.Ordinal);
            Assert.EndsWith("src/MockSre.Domain/Profiles/ConnectionPool.cs", thrown.Text("filename"), StringComparison.Ordinal);
            Assert.Contains(
                error.Frames(), frame => frame.Text("function")!.Contains("ProfileService.ReadAsync(", StringComparison.Ordinal));

            var crumbs = error.Breadcrumbs();
            Assert.Equal(3, crumbs.Length);
            Assert.StartsWith("Cache bypassed", crumbs[0], StringComparison.Ordinal);
            Assert.Matches(Waiting(), crumbs[1]);
            Assert.Matches(TimedOut(), crumbs[2]);
            var timedOut = error.GetProperty("breadcrumbs")[2];
            Assert.Equal(("warning", "activity-export"), (timedOut.Text("level"), timedOut.Text("data", "oldest_lease")));
            Assert.InRange(int.Parse(timedOut.Text("data", "oldest_lease_ms")!, CultureInfo.InvariantCulture), 900, int.MaxValue);
        });

        // Breadcrumb and span of a request show the same queue.
        Assert.All(_sentry.Events, error =>
        {
            var wait = Assert.Single(Assert.Single(_sentry.Transactions, transaction => transaction.TraceId() == error.TraceId()).Spans());
            Assert.Equal($"Waiting for a connection: 2 of 2 in use, {wait.Text("data", "pool.waiting")} waiting", error.Breadcrumbs()[1]);
            Assert.Equal(wait.Text("span_id"), error.Text("contexts", "trace", "span_id"));
            Assert.Equal($"Timed out after 1,000 ms with 2 of 2 in use, {error.Timeout("pool.waiting")} waiting", error.Breadcrumbs()[2]);
        });
        Assert.True(_sentry.Events.Select(error => error.Breadcrumbs()[1]).Distinct().Count() > 1);
    }

    [Fact]
    public async Task PoolSaturation_TheAnswer_NamesTheTraceInSentryAndTheNumbers()
    {
        await _service.SetModeAsync("pool_saturation");
        using var answer = await _service.Http.GetProfileAsync(1);
        await ComeToRestAsync(1);

        var problem = await answer.JsonAsync();
        Assert.Equal(_sentry.Events.Single().TraceId(), problem.Text("trace_id"));
        Assert.Equal("No database connection became free within 1,000 ms (2 of 2 in use, 1 waiting)", problem.Text("detail"));
    }

    [Fact]
    public async Task Combined_FiftyRequests_AreOneIssueInTheInboxAndForATrackerThatGroupsByMessageOrFingerprint()
    {
        using var emptied = await _service.Http.DeleteAsync(new Uri("/api/signals", UriKind.Relative));
        await _service.SetModeAsync("combined");
        await _service.SendAsync(50);
        await ComeToRestAsync(50);

        Assert.InRange(_sentry.Events.Count, 20, 50);
        Assert.Single(_sentry.Events.Select(error => error.Exception().Text("value")).Distinct());
        var fingerprint = Assert.Single(_sentry.Events.Select(error => error.Text("fingerprint")).Distinct());
        var issue = Assert.Single((await _service.Http.GetJsonAsync("/api/signals/issues")).GetProperty("issues").EnumerateArray());
        Assert.Equal(_sentry.Events.Count, issue.Of("count"));
        Assert.Equal(fingerprint, JsonSerializer.Serialize<string?[]>([issue.Text("type"), issue.Text("culprit")]));
    }

    [Fact]
    public async Task DatabaseGone_ARequest_IsOneErrorOfItsOwnKind()
    {
        await using var service = await SentryService.StartAsync(_sentry.Dsn);
        File.Delete(service.DatabaseFile);
        await service.SetModeAsync("cache_off");

        using var answer = await service.Http.GetProfileAsync(1);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        await _sentry.UntilAsync(sentry => sentry.Transactions.Count == 1);
        await service.StatesAsync(states => states.Of("queued") == 0);

        var error = Assert.Single(_sentry.Events);
        var transaction = Assert.Single(_sentry.Transactions);
        Assert.Equal(
            ("Microsoft.Data.Sqlite.SqliteException", "false"),
            (error.Exception().Text("type"), error.Exception().Text("mechanism", "handled")));
        Assert.Equal(("cache_off", "b71e4d8", transaction.TraceId()), (error.Tag("failure_mode"), error.Text("release"), error.TraceId()));
        Assert.NotEmpty(error.Breadcrumbs());
        Assert.Equal(("internal_error", "500"), transaction.Outcome());
        Assert.Equal(["internal_error"], transaction.Spans("db.pool.wait").Select(span => span.Text("status")));
        Assert.All(
            _sentry.All,
            received => Assert.DoesNotContain(Path.GetDirectoryName(service.DatabaseFile)!, received.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("cache_off")]
    [InlineData("slow_query")]
    [InlineData("pool_saturation")]
    [InlineData("combined")]
    public async Task Expectations_FiftyRequests_AreWitnessed(string mode)
    {
        // The first requests after a start may take a second. They must not count.
        await _service.SendAsync(10);
        await ComeToRestAsync(10);
        _sentry.Clear();
        await _service.SetModeAsync(mode);

        await _service.SendAsync(50);
        await ComeToRestAsync(50);

        var report = await _service.Http.GetJsonAsync("/api/signals/expectations");
        Assert.Equal(
            (mode, 50, 0), (report.Text("mode"), report.GetProperty("requests").GetInt32(), report.GetProperty("undelivered").GetInt32()));
        Assert.All(
            report.GetProperty("expectations").EnumerateArray(), expectation => Assert.Equal("witnessed", expectation.Text("state")));
    }

    [Fact]
    public async Task Combined_RequestsAtOnce_GiveErrorsAndSlowTransactions()
    {
        await _service.SetModeAsync("combined");
        var statuses = await _service.SendAsync(10);
        await ComeToRestAsync(10);

        // make check-modes checks the numbers.
        var byOutcome = _sentry.Transactions.ToLookup(transaction => transaction.Outcome());
        var (slow, failed) = (byOutcome[("ok", "200")].ToList(), byOutcome[("internal_error", "500")].ToList());
        Assert.Equal((statuses.Count(status => status == 200), statuses.Count(status => status == 500)), (slow.Count, failed.Count));
        Assert.All(new[] { slow, failed }, Assert.NotEmpty);
        Assert.Equal(failed.Select(transaction => transaction.TraceId()).Order(), _sentry.Events.Select(error => error.TraceId()).Order());
        Assert.All(
            slow, transaction => Assert.Contains(transaction.Spans("db.query"), query => query.Duration() > TimeSpan.FromSeconds(1.5)));
        Assert.All(
            [.. _sentry.Events, .. _sentry.Transactions],
            signal => Assert.Equal(("combined", "d40f3b2"), (signal.Tag("failure_mode"), signal.Text("release"))));
    }

    [Fact]
    public async Task Switch_RequestsUnderWay_CarryWhatWasSoWhenTheyBegan()
    {
        await _service.SetModeAsync("pool_saturation");
        var (before, _) = await WaitingAsync(4);
        await _service.SetModeAsync("cache_off");
        await _service.SendAsync(3);
        await before;
        await ComeToRestAsync(7);

        Assert.All(
            _sentry.Events, error => Assert.Equal(("pool_saturation", "d40f3b2"), (error.Tag("failure_mode"), error.Text("release"))));
        Assert.Equal(
            [("500", "d40f3b2", "pool_saturation", 4), ("200", "b71e4d8", "cache_off", 3)],
            _sentry.Transactions
                .GroupBy(transaction => (transaction.Outcome().Code, transaction.Text("release"), transaction.Tag("failure_mode")))
                .Select(group => (group.Key.Code!, group.Key.Item2!, group.Key.Item3!, group.Count()))
                .OrderByDescending(group => group.Item1));
        Assert.Equal(4, _sentry.Events.Count);
    }

    [Theory]
    [InlineData("999", "not_found", "404")]
    [InlineData("x", "failed_precondition", "400")]
    public async Task Request_OfNobody_IsATransactionAndNoError(string user, string status, string code)
    {
        using var answer = await _service.Http.GetAsync(new Uri($"/api/users/profile/{user}", UriKind.Relative));
        await ComeToRestAsync(1);

        Assert.Empty(_sentry.Events);
        var transaction = Assert.Single(_sentry.Transactions);
        Assert.Equal((Name, (status, code)), (transaction.Text("transaction"), transaction.Outcome()));
    }

    [Fact]
    public async Task Request_WhoseClientLeaves_IsCancelledAndNoError()
    {
        // With one connection, scans of two seconds and 24 others in the queue, the request waits for most of a minute.
        await using var service = await SentryService.StartAsync(
            _sentry.Dsn, ("DB_POOL_LIMIT", "1"), ("DB_POOL_TIMEOUT_MS", "60000"), ("DISABLE_CACHE", "true"), ("ENABLE_SLOW_QUERY", "true"));
        using var others = await service.Http.PostAsync("/admin/load", new { requests = 10_000, concurrency = 25 });
        await service.Http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("pool").GetProperty("waiting").GetInt32() == 24);
        using var leaving = new CancellationTokenSource();
        var request = service.Http.GetAsync(new Uri("/api/users/profile/999", UriKind.Relative), leaving.Token);
        await service.Http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("pool").GetProperty("waiting").GetInt32() == 25);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await _sentry.UntilAsync(sentry => sentry.Transactions.Any(IsOurs));
        Assert.DoesNotContain(await service.EventsAsync(), entry => entry.Text("kind") == "error");

        Assert.Empty(_sentry.Events);
        var ours = Assert.Single(_sentry.Transactions, IsOurs);
        Assert.Equal(("cancelled", "499"), ours.Outcome());
        Assert.Equal([("db.pool.wait", "cancelled")], ours.Spans().Select(span => (span.Text("op"), span.Text("status"))));

        static bool IsOurs(JsonElement transaction) => transaction.Text("request", "url")!.EndsWith("/999", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WhoseClientLeavesDuringTheScan_HasNoFailedQuery()
    {
        await _service.SetModeAsync("slow_query");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(1, 5).Select(user => Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _service.Http.GetAsync(new Uri($"/api/users/profile/{user}", UriKind.Relative), patience.Token))));
        await ComeToRestAsync(5);

        Assert.Empty(_sentry.Events);
        Assert.All(_sentry.Transactions, transaction =>
        {
            Assert.Equal(("cancelled", "499"), transaction.Outcome());
            Assert.All(transaction.Spans(), span =>
            {
                Assert.Contains(span.Text("status"), (string[])["ok", "cancelled"]);
                Assert.NotNull(span.Text("timestamp"));
            });
        });
        Assert.Contains(
            _sentry.Transactions, transaction => transaction.Spans("db.query").Any(query => query.Text("status") == "cancelled"));
    }

    [Fact]
    public async Task Request_WithATraceOfItsCaller_BeginsItsOwnAndTellsNothingOfIt()
    {
        const string Trace = "771a43a4192642f0b136d5159a501700";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/profile/1");
        request.Headers.Add("sentry-trace", $"{Trace}-a1b2c3d4e5f60718-0");
        request.Headers.Add("traceparent", $"00-{Trace}-a1b2c3d4e5f60718-00");
        request.Headers.Add(
            "baggage",
            $"sentry-trace_id={Trace},sentry-sampled=false,sentry-sample_rate=0,sentry-release=theirs,sentry-public_key=theirs,"
            + $"sentry-x={new string('S', 20_000)}");
        using var answer = await _service.Http.SendAsync(request);
        await ComeToRestAsync(1);

        var transaction = Assert.Single(_sentry.Transactions);
        Assert.NotEqual(Trace, transaction.TraceId());
        Assert.DoesNotContain("theirs", _sentry.All[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SSSS", _sentry.All[0].Text, StringComparison.Ordinal);
        Assert.Contains(SentryReceiver.Key, _sentry.All[0].Text.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithEndlessHeaders_IsASmallSignal()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/profile/1");
        request.Headers.TryAddWithoutValidation("User-Agent", new string('"', 25_000));
        using var answer = await _service.Http.SendAsync(request);
        await ComeToRestAsync(1);

        Assert.InRange(_sentry.All[0].Text.Length, 1, 10_000);
    }

    [Fact]
    public async Task Nothing_ButProfileRequests_IsTold()
    {
        string[] paths =
        [
            "/health", "/", "/docs/", "/openapi/v1.json", "/api/metrics", "/api/fixtures/commits", "/api/signals/summary",
            "/api/signals/events/x",
            "/admin/failure-mode", "/admin/load/none", "/_blazor", "/_blazor/negotiate", "/_framework/blazor.web.js", "/favicon.ico",
            "/nowhere",
            "/api/users/profile", "/api/users/profile/", "/api/users/profile/1/2", "/%2e%2e/etc/passwd",
        ];
        foreach (var path in paths)
        {
            using var answer = await _service.Http.GetAsync(new Uri(path, UriKind.Relative));
        }

        foreach (var (method, path, body, host) in new[]
        {
            ("POST", "/admin/load", "{", null),
            ("POST", "/admin/load", new string(' ', 20_000), null),
            ("POST", "/admin/failure-mode/chaos", "", null),
            ("POST", "/api/users/profile/1", "", null), ("OPTIONS", "/api/users/profile/1", "", null),
            ("GET", "/api/users/profile/1", "", "evil.example"), ("DELETE", "/api/signals", "", null),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null;
            request.Headers.Host = host;
            using var answer = await _service.Http.SendAsync(request);
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        }

        // Only this profile request makes a signal. It is sent last, so any unwanted signal would have arrived before it.
        await _service.SendAsync(1);
        await ComeToRestAsync(1);

        // The SDK reports what it dropped on purpose, such as a body too large for /admin/load. The report becomes no issue.
        var types = _sentry.All.SelectMany(received => received.Items).Select(item => item.Type);
        Assert.Equal(["transaction"], types.Where(type => type != "client_report"));
        Assert.Equal(Name, Assert.Single(_sentry.Transactions).Text("transaction"));
    }

    [Fact]
    public async Task Nothing_OfMachineFilesClientOrSettings_IsTold()
    {
        string[] secrets =
        [
            SentryFixture.Canary,
            Environment.MachineName,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/",
            AppContext.BaseDirectory,
            Path.GetDirectoryName(_service.DatabaseFile)!,
            "app.db",
            "Data Source",
            "sqlite:///",
            "secret-token",
            "secret-cookie",
            "secret-query",
            "192.0.2.7",
            "secret-header", "127.0.0.1:" + new Uri(_sentry.Dsn).Port, "secret-id",
        ];
        secrets = [.. secrets.Where(secret =>
            secret.Length > 3 && !RuntimeInformation.OSDescription.Contains(secret, StringComparison.OrdinalIgnoreCase))];
        foreach (var mode in new[] { "none", "cache_off", "pool_saturation" })
        {
            await _service.SetModeAsync(mode);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/profile/3");
            request.Headers.Add("Authorization", "Bearer secret-token");
            request.Headers.Add("Cookie", "session=secret-cookie");
            request.Headers.Add("X-Forwarded-For", "192.0.2.7");
            request.Headers.Add("X-Api-Key", "secret-header");
            using var answer = await _service.Http.SendAsync(request);
        }

        foreach (var mistaken in new[] { "secret-id%40example.com", "secret-id%40example.com/", "1%2Fsecret-id", "3?key=secret-query" })
        {
            using var answer = await _service.Http.GetAsync(new Uri($"/api/users/profile/{mistaken}", UriKind.Relative));
        }

        await ComeToRestAsync(7);

        Assert.Equal((1, 7), (_sentry.Events.Count, _sentry.Transactions.Count));
        Assert.All(
            _sentry.All,
            received => Assert.All(secrets, secret => Assert.DoesNotContain(secret, received.Text, StringComparison.OrdinalIgnoreCase)));

        // Source paths are mapped to the repository's root. No other path of the machine is left.
        Assert.All(
            _sentry.All.SelectMany(received => AbsolutePath().Matches(received.Text)).Select(match => match.Groups[1].Value).Distinct(),
            path => Assert.StartsWith("/src/MockSre.", path, StringComparison.Ordinal));
        Assert.All([.. _sentry.Events, .. _sentry.Transactions], signal =>
        {
            Assert.Equal(
                ["headers", "method", "url"], signal.GetProperty("request").EnumerateObject().Select(property => property.Name).Order());
            Assert.Equal(["Host"], signal.GetProperty("request").GetProperty("headers").EnumerateObject().Select(header => header.Name));
            Assert.Equal("{}", signal.Text("user"));
            Assert.Null(signal.Text("modules"));
            Assert.Equal("mocksre", signal.Text("server_name") ?? "mocksre");
            Assert.Empty(signal.GetProperty("contexts").EnumerateObject().Select(context => context.Name)
                .Except(["trace", "runtime", "os", "deployment", "timeout", "Memory Info"]));
        });
        Assert.All(_sentry.Events, error =>
        {
            Assert.Equal("{}", error.Text("debug_meta") ?? "{}");
            Assert.All(
                error.Frames(),
                frame => Assert.Null(frame.Text("instruction_addr") ?? frame.Text("addr_mode") ?? frame.Text("function_id")));
        });
    }

    [Fact]
    public async Task Load_OfOurOwn_LooksLikeTrafficFromOutside()
    {
        await _service.SetModeAsync("pool_saturation");
        using var started = await _service.Http.PostAsync("/admin/load", new { requests = 10, concurrency = 5 });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await ComeToRestAsync(10);

        // Only the service reports the failures. The load runs in the same process and reports none.
        Assert.Equal(10, _sentry.Events.Count);
        Assert.All(_sentry.Events, error => Assert.Equal("MockSre.Domain.Profiles.PoolTimeoutException", error.Exception().Text("type")));
        Assert.Equal(10, _sentry.Transactions.Select(transaction => transaction.TraceId()).Distinct().Count());
        Assert.All(_sentry.Transactions, transaction => Assert.Null(transaction.Text("contexts", "trace", "parent_span_id")));
    }

    [Fact]
    public async Task Inbox_WhileSentryIsOn_HoldsWhatWasSent()
    {
        using var emptied = await _service.Http.DeleteAsync(new Uri("/api/signals", UriKind.Relative));
        await _service.SetModeAsync("pool_saturation");
        await _service.SendAsync(2);
        await ComeToRestAsync(2);

        var summary = await _service.Http.GetUntilAsync(
            "/api/signals/summary", summary => summary.GetProperty("states").GetProperty("sent").GetInt32() == 4);
        Assert.Equal(
            (new Uri(_sentry.Dsn).Authority, "d40f3b2", "demo"),
            (summary.Text("sentry", "host"), summary.Text("release"), summary.Text("environment")));
        Assert.Equal((2, 2), (summary.GetProperty("errors").GetInt32(), summary.GetProperty("transactions").GetInt32()));
        Assert.All(_sentry.All, received => Assert.Single(received.Items));
        foreach (var signal in _sentry.Events.Concat(_sentry.Transactions))
        {
            Assert.Equal(
                signal.GetRawText(),
                await _service.Http.GetStringAsync(new Uri($"/api/signals/events/{signal.Text("event_id")}", UriKind.Relative)));
        }

        foreach (var path in new[] { "summary", "issues", "transactions", "events", "envelopes", "expectations" })
        {
            var answer = await _service.Http.GetStringAsync(new Uri($"/api/signals/{path}", UriKind.Relative));
            Assert.DoesNotContain(SentryReceiver.Key, answer, StringComparison.Ordinal);
        }
    }

    // Sends requests until all wait for a connection together. They wait for a second, which a busy test may miss. Then it tries again.
    private async Task<(Task<int[]> UnderWay, int Attempts)> WaitingAsync(int requests)
    {
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            var underWay = _service.SendAsync(requests);
            while (!underWay.IsCompleted)
            {
                if ((await _service.Http.GetJsonAsync("/api/metrics")).GetProperty("pool").GetProperty("waiting").GetInt32() == requests)
                {
                    return (underWay, attempt);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }

            await ComeToRestAsync(requests);
            _sentry.Clear();
        }

        throw new TimeoutException("The requests were never seen waiting together.");
    }

    // The SDK sends in order, and the transaction of a request last. When all transactions have arrived, all signals have.
    private async Task ComeToRestAsync(int requests)
    {
        await _sentry.UntilAsync(sentry => sentry.Transactions.Count >= requests);
        var summary = await _service.Http.GetUntilAsync(
            "/api/signals/summary", summary => summary.GetProperty("states").GetProperty("queued").GetInt32() == 0);
        Assert.Equal(0, summary.GetProperty("states").GetProperty("dropped").GetInt32());
    }

    [GeneratedRegex(@"^Waiting for a connection: 2 of 2 in use, \d+ waiting$")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"^Timed out after 1,000 ms with 2 of 2 in use, \d+ waiting$")]
    private static partial Regex TimedOut();

    [GeneratedRegex("\"(/[^\"/]+/[^\"]*)\"")]
    private static partial Regex AbsolutePath();
}
