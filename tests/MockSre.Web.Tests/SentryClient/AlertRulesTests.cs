using System.Text;
using System.Text.Json.Nodes;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Tests.SentryClient;

public sealed class AlertRulesTests : IAsyncLifetime
{
    private readonly StringBuilder _output = new();
    private FakeSentry _sentry = null!;

    public async Task InitializeAsync() => _sentry = await FakeSentry.StartAsync();

    public async Task DisposeAsync() => await _sentry.DisposeAsync();

    [Fact]
    public async Task Run_FreshSentry_CreatesLatencyAndErrors()
    {
        await RunAsync();

        Assert.Equal(["GET alert-rules/?projectSlug=mock-sre", "POST alert-rules/", "POST alert-rules/"], _sentry.Calls);
        AssertJson(
            """
            {
              "name": "MockSre profile latency (demo)", "dataset": "transactions", "queryType": 1, "eventTypes": ["transaction"],
              "aggregate": "p95(transaction.duration)",
              "query": "transaction.op:http.server transaction:\"GET /api/users/profile/{user_id}\"",
              "timeWindow": 5, "thresholdType": 0, "resolveThreshold": null, "environment": "demo", "projects": ["mock-sre"],
              "triggers": [{"label": "critical", "actions": [], "alertThreshold": 1500}]
            }
            """,
            _sentry.Requests.ElementAt(1).Body);
        AssertJson(
            """
            {
              "name": "MockSre profile errors (demo)", "dataset": "events", "queryType": 0, "eventTypes": ["error"],
              "aggregate": "count()",
              "query": "transaction:\"GET /api/users/profile/{user_id}\"",
              "timeWindow": 5, "thresholdType": 0, "resolveThreshold": null, "environment": "demo", "projects": ["mock-sre"],
              "triggers": [{"label": "critical", "actions": [], "alertThreshold": 10}]
            }
            """,
            _sentry.Requests.ElementAt(2).Body);
    }

    [Fact]
    public async Task Run_Repeated_UpdatesThem()
    {
        await RunAsync();
        _sentry.Requests.Clear();

        await RunAsync();

        Assert.Equal(["GET alert-rules/?projectSlug=mock-sre", "PUT alert-rules/1/", "PUT alert-rules/2/"], _sentry.Calls);
        Assert.Equal(2, _sentry.Rules.Count);
        Assert.Contains("profile errors (demo): updated", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RuleChangedByHand_GetsItsThresholdBackAndKeepsWhomItNotifies()
    {
        await RunAsync();
        var rule = _sentry.Rules[0];
        rule["query"] = "";
        rule["triggers"] = JsonNode.Parse(
            """
            [{"id":"7","label":"critical","alertThreshold":9000,"actions":[{"id":"8","type":"email"}]},
            {"id":"9","label":"warning","alertThreshold":1000,"actions":[]}]
            """);

        await RunAsync();

        Assert.Contains("{user_id}", (string?)_sentry.Rules[0]["query"], StringComparison.Ordinal);
        AssertJson(
            """
            [{"id":"7","label":"critical","alertThreshold":1500,"actions":[{"id":"8","type":"email"}]},
            {"id":"9","label":"warning","alertThreshold":1000,"actions":[]}]
            """,
            _sentry.Rules[0]["triggers"]);
    }

    [Fact]
    public async Task Run_NameOnALaterPage_IsFound()
    {
        await RunAsync();
        _sentry.Rules.InsertRange(
            0,
            Enumerable.Range(100, 5).Select(
                id => new JsonObject { ["id"] = $"{id}", ["name"] = "another", ["projects"] = new JsonArray("mock-sre") }));

        await RunAsync();

        Assert.Equal(7, _sentry.Rules.Count);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("1/../..")]
    public async Task Run_RuleWhoseIdIsNoNumber_LeadsNowhereElse(string id)
    {
        _sentry.Rules.Add(
            new JsonObject { ["id"] = id, ["name"] = "MockSre profile latency (demo)", ["projects"] = new JsonArray("mock-sre") });

        var refused = await Assert.ThrowsAsync<SentryApiException>(RunAsync);

        Assert.Contains("has an id that is no number", refused.Message, StringComparison.Ordinal);
        Assert.All(_sentry.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Theory]
    [InlineData("MockSre profile errors (demo)", "another")]
    [InlineData("MockSre profile errors (local)", "mock-sre")]
    public async Task Run_RulesOfOthers_StayAsTheyAre(string name, string project)
    {
        var other = new JsonObject { ["id"] = "50", ["name"] = name, ["projects"] = new JsonArray(project) };
        _sentry.Rules.Add(other);

        await RunAsync();

        Assert.Equal(3, _sentry.Rules.Count);
        Assert.Same(other, _sentry.Rules[0]);
        Assert.Null(other["query"]);
    }

    [Fact]
    public async Task Run_SentryThatMovedToSpans_MeasuresSpansFromThenOn()
    {
        _sentry.RefusedDatasets.Add("transactions");

        await RunAsync();
        await RunAsync();

        Assert.Equal(["GET", "POST", "POST", "POST", "GET", "PUT", "PUT"], _sentry.Requests.Select(request => request.Method));
        var rule = _sentry.Rules[0];
        Assert.Equal("events_analytics_platform", (string?)rule["dataset"]);
        Assert.Equal("p95(span.duration)", (string?)rule["aggregate"]);
        Assert.Equal(
            """is_transaction:true span.op:http.server transaction:"GET /api/users/profile/{user_id}" """.TrimEnd(),
            (string?)rule["query"]);
        AssertJson("""["trace_item_span"]""", rule["eventTypes"]);
    }

    [Fact]
    public async Task Run_RuleOfBeforeTheMove_IsMovedToo()
    {
        await RunAsync();
        _sentry.RefusedDatasets.Add("transactions");

        await RunAsync();

        Assert.Equal(2, _sentry.Rules.Count);
        Assert.Equal("events_analytics_platform", (string?)_sentry.Rules[0]["dataset"]);
    }

    [Fact]
    public async Task Run_RefusedEitherWay_SaysBothAndWhatMayHelp()
    {
        _sentry.Instead = context => context.Request.Method == "POST"
            ? FakeSentry.Json(400, """{"environment":["Environment is not part of this organization"]}""")
            : null;

        var refused = await Assert.ThrowsAsync<SentryApiException>(RunAsync);

        Assert.Equal(2, refused.Message.Split("Environment is not part").Length - 1);
        Assert.Contains("dataset transactions", refused.Message, StringComparison.Ordinal);
        Assert.Contains("dataset events_analytics_platform", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("make release.", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());

    private async Task RunAsync()
    {
        await using var output = new StringWriter(_output);
        using var client = new SentryApiClient(_sentry.Access, AlertRules.Scopes, TimeProvider.System, output);
        await new AlertRules(client, _sentry.Access, output).RunAsync();
    }
}
