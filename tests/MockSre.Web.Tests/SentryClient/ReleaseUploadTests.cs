using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MockSre.Domain.Fixtures;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Tests.SentryClient;

public sealed class ReleaseUploadTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Newest = new(2026, 3, 12, 13, 0, 0, TimeSpan.Zero);

    // Newest first. More than a day lies between the two oldest.
    private static readonly DeployCommit[] Commits =
    [
        new(
            "ccccccc",
            Newest,
            "Grace Odum <grace@example.com>",
            "Third\n\nWith a body.",
            FilesChanged: ["src/New.cs", "src/A.cs", "README.md"],
            FilesAdded: ["src/New.cs"],
            FilesDeleted: ["README.md"]),
        new("bbbbbbb", Newest.AddMinutes(-90), "Ines", "Second", ["src/B.cs"]),
        new("aaaaaaa", Newest.AddHours(-52), "Lea Brandt <lea@example.com>", "First", ["src/A.cs"]),
    ];

    private readonly WaitingClock _clock = new();
    private readonly StringBuilder _output = new();
    private FakeSentry _sentry = null!;

    public async Task InitializeAsync() => _sentry = await FakeSentry.StartAsync();

    public async Task DisposeAsync() => await _sentry.DisposeAsync();

    [Fact]
    public async Task Run_FreshSentry_TellsEachDeployWithItsCommitOldestFirst()
    {
        await RunAsync();

        Assert.Equal(
            from sha in (string[])["aaaaaaa", "bbbbbbb", "ccccccc"]
            from call in (string[])
            [
                "POST releases/", $"GET releases/{sha}/deploys/?projectSlug=mock-sre",
                $"PUT releases/{sha}/", $"POST releases/{sha}/deploys/",
            ]
            select call,
            _sentry.Calls);
        Assert.All(_sentry.Requests, request => Assert.Equal("Bearer " + FakeSentry.Token, request.Authorization));
        Assert.All(_sentry.Requests, request => Assert.Equal(request.Body is null ? null : "application/json", request.ContentType));
        var bodies = _sentry.Requests.TakeLast(4).Select(request => request.Body).ToList();
        AssertJson(
            """{"version":"ccccccc","projects":["mock-sre"],"dateStarted":"2027-02-03T04:04:06Z","dateReleased":"2027-02-03T04:05:06Z"}""",
            bodies[0]);
        AssertJson(
            """
            {
              "dateReleased": "2027-02-03T04:05:06Z",
              "commits": [{
                "id": "cccccccID", "repository": "mocksre", "author_name": "Grace Odum", "author_email": "grace@example.com",
                "timestamp": "2027-02-03T04:04:06Z", "message": "Third\n\nWith a body.",
                "patch_set": [{"path": "README.md", "type": "D"}, {"path": "src/A.cs", "type": "M"}, {"path": "src/New.cs", "type": "A"}]
              }]
            }
            """.Replace("cccccccID", IdOf("ccccccc"), StringComparison.Ordinal),
            bodies[2]);
        AssertJson(
            """
            {
              "environment": "demo", "name": "incident-b", "dateStarted": "2027-02-03T04:04:06Z", "dateFinished": "2027-02-03T04:05:06Z",
              "projects": ["mock-sre"]
            }
            """,
            bodies[3]);
    }

    // Recorded from sentry-cli 3.8.0 and 2.58.6: "releases new", "releases set-commits --local" and "deploys new --started --finished".
    // A patch set lists its files in the order of their paths.
    [Fact]
    public async Task Run_AgainstWhatSentryCliSends_HasEveryFieldInItsForm()
    {
        await RunAsync();

        var bodies = _sentry.Requests.TakeLast(4).Select(request => request.Body).ToList();
        AssertLike("""{"version": "3eef1c0", "projects": ["mock-sre"], "dateStarted": "2026-11-27T13:48:40.195586022Z"}""", bodies[0]!);
        AssertLike(
            """
            {"commits": [{
              "patch_set": [
                {"path": "src/A.cs", "type": "M"}, {"path": "src/B.cs", "type": "D"}, {"path": "src/C.cs", "type": "A"}
              ],
              "repository": "origin", "author_name": "Grace Odum", "author_email": "grace@example.com",
              "timestamp": "2026-03-12T09:00:00+01:00", "message": "Second\n\nWith a body.\n\nReviewed-by: x\n",
              "id": "369806dfef8d007fe8cb1f6ad77784713532229c"
            }]}
            """,
            bodies[2]!);
        AssertLike(
            """
            {"environment": "demo", "name": "incident-b", "dateStarted": "2026-03-08T20:00:00Z", "dateFinished": "2026-03-08T20:00:30Z"}
            """,
            bodies[3]!);
    }

    [Fact]
    public async Task Run_Repeated_GivesEachCommitTheSameFullIdThatBeginsWithItsRelease()
    {
        await RunAsync();
        var first = Ids();
        _sentry.Requests.Clear();
        _clock.Advance(TimeSpan.FromDays(2));

        await RunAsync();

        Assert.Equal(first, Ids());
        Assert.All(first, pair => Assert.Matches($"^{pair.Release}[0-9a-f]{{33}}$", pair.Id));
        Assert.Equal(3, first.Select(pair => pair.Id).Distinct().Count());
    }

    [Fact]
    public async Task Run_Times_EndNowAndKeepTheirDistances()
    {
        await RunAsync();

        var now = new DateTimeOffset(2027, 2, 3, 4, 5, 6, TimeSpan.Zero);
        DateTimeOffset[] expected = [now.AddHours(-52), now.AddMinutes(-90), now];
        Assert.Equal(expected, Times("POST", "deploys/", body => body["dateFinished"]));
        Assert.Equal(expected, Times("POST", "organizations/acme/releases/", body => body["dateReleased"]));
        Assert.Equal(expected.Select(at => at.AddMinutes(-1)), Times("POST", "deploys/", body => body["dateStarted"]));
        Assert.Equal(expected.Select(at => at.AddMinutes(-1)), Times("PUT", "/", body => body["commits"]![0]!["timestamp"]));
        Assert.Equal(expected, Times("PUT", "/", body => body["dateReleased"]));
    }

    [Fact]
    public async Task Run_AuthorWithoutAddress_IsTheNameAlone()
    {
        await RunAsync();

        var put = _sentry.Requests.Single(request =>
            request is { Method: "PUT" } && request.Path.EndsWith("bbbbbbb/", StringComparison.Ordinal));
        var commit = put.Body!["commits"]![0]!;
        Assert.Equal(("Ines", ""), ((string?)commit["author_name"], (string?)commit["author_email"]));
    }

    [Fact]
    public async Task Run_RepeatedWithinADay_ChangesNothing()
    {
        await RunAsync();
        var before = State();
        _clock.Advance(TimeSpan.FromHours(23));
        _sentry.Requests.Clear();

        await RunAsync();

        Assert.Equal(before, State());
        Assert.All(_sentry.Deploys.Values, deploys => Assert.Single(deploys));
        Assert.DoesNotContain(
            _sentry.Requests, request => request.Method == "POST" && request.Path.EndsWith("deploys/", StringComparison.Ordinal));
        Assert.Contains("0 deploys are new", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RepeatedAfterADay_TellsItAnew()
    {
        await RunAsync();
        _clock.Advance(TimeSpan.FromDays(1));
        await RunAsync();
        await RunAsync();

        Assert.All(_sentry.Deploys.Values, deploys => Assert.Equal(TimeSpan.FromDays(1), Finished(deploys[1]) - Finished(deploys[0])));
        Assert.All(_sentry.Deploys.Values, deploys => Assert.Equal(2, deploys.Count));
    }

    [Fact]
    public async Task Run_AfterAnInterruptedOne_GoesOnWithItsTimes()
    {
        _sentry.Instead = context => context.Request.Method == "PUT"
            && context.Request.Path.Value!.Contains("bbbbbbb", StringComparison.Ordinal) ? FakeSentry.Json(403, "{}") : null;
        await Assert.ThrowsAsync<SentryApiException>(RunAsync);
        _sentry.Instead = _ => null;
        _clock.Advance(TimeSpan.FromHours(2));

        await RunAsync();

        Assert.Equal(TimeSpan.FromHours(52), Finished(_sentry.Deploys["ccccccc"].Single()) - Finished(_sentry.Deploys["aaaaaaa"].Single()));
        Assert.Equal(
            TimeSpan.FromMinutes(90), Finished(_sentry.Deploys["ccccccc"].Single()) - Finished(_sentry.Deploys["bbbbbbb"].Single()));
    }

    [Theory]
    [InlineData("other", "demo")]
    [InlineData("incident-b", "local")]
    [InlineData(null, "demo")]
    public async Task Run_DeploysOfOthers_DoNotCount(string? name, string environment)
    {
        foreach (var commit in Commits)
        {
            var deploy = new JsonObject
            {
                ["name"] = name,
                ["environment"] = environment,
                ["dateFinished"] = "2027-02-03T04:00:00.123456Z",
            };
            _sentry.Deploys[commit.Sha] = [.. Enumerable.Range(0, 5).Select(_ => deploy.DeepClone().AsObject())];
        }

        await RunAsync();

        Assert.All(_sentry.Deploys.Values, deploys => Assert.Equal(6, deploys.Count));
    }

    [Fact]
    public async Task Run_OwnDeployOnALaterPage_IsFound()
    {
        await RunAsync();
        foreach (var deploys in _sentry.Deploys.Values)
        {
            deploys.AddRange(
                Enumerable.Range(0, 5).Select(
                    _ => new JsonObject { ["name"] = "other", ["environment"] = "demo", ["dateFinished"] = null }));
        }

        await RunAsync();

        Assert.All(_sentry.Deploys.Values, deploys => Assert.Single(deploys, deploy => (string?)deploy["name"] == "incident-b"));
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());

    // Every recorded field must be sent, and each text must have the recorded form. The service may send more fields.
    private static void AssertLike(string recorded, JsonNode sent)
    {
        switch (JsonNode.Parse(recorded), sent)
        {
            case (JsonObject expected, JsonObject actual):
                foreach (var (name, value) in expected)
                {
                    Assert.True(actual.ContainsKey(name), $"{name} is missing: {actual.ToJsonString()}");
                    AssertLike(value!.ToJsonString(), actual[name]!);
                }

                break;
            case (JsonArray expected, JsonArray actual):
                Assert.Equal(expected.Count, actual.Count);
                Assert.All(expected.Zip(actual), pair => AssertLike(pair.First!.ToJsonString(), pair.Second!));
                break;
            case (JsonValue expected, JsonValue actual):
                Assert.Equal(FormOf((string)expected!), FormOf((string)actual!));
                break;
            default:
                Assert.Fail(sent.ToJsonString());
                break;
        }

        static string FormOf(string text) =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) ? "time"
            : text.Length == 40 && text.All(char.IsAsciiHexDigitLower) ? "full id"
            : text is "A" or "M" or "D" ? "kind of change"
            : "text";
    }

    private string IdOf(string release) => Ids().Single(pair => pair.Release == release).Id;

    private List<(string Release, string Id)> Ids() =>
    [
        .. _sentry.Requests.Where(request => request.Method == "PUT")
            .Select(request => (request.Path.Split('/')[^2], (string)request.Body!["commits"]![0]!["id"]!)),
    ];

    private static DateTimeOffset Finished(JsonObject deploy) => deploy["dateFinished"]!.GetValue<DateTimeOffset>();

    private IEnumerable<DateTimeOffset> Times(string method, string end, Func<JsonObject, JsonNode?> time) => _sentry.Requests
        .Where(request => request.Method == method && request.Path.EndsWith(end, StringComparison.Ordinal))
        .Select(request => time(request.Body!)!.GetValue<DateTimeOffset>());

    // The commits of the recorded requests, and all deploys in Sentry.
    private string State() => string.Join(
        '\n',
        _sentry.Requests.Where(request => request.Method == "PUT").Select(request => request.Body!.ToJsonString())
            .Concat(_sentry.Deploys.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value).Select(deploy => deploy.ToJsonString())));

    private async Task RunAsync()
    {
        await using var output = new StringWriter(_output);
        using var client = new SentryApiClient(_sentry.Access, ReleaseUpload.Scopes, _clock, output);
        await new ReleaseUpload(client, _sentry.Access, _clock, output).RunAsync(Commits).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
