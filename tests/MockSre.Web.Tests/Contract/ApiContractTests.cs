using System.Text.RegularExpressions;

namespace MockSre.Web.Tests.Contract;

public sealed partial class ApiContractTests(SharedApps apps) : IClassFixture<SharedApps>, IAsyncLifetime
{
    private ApiContract _contract = null!;

    public async Task InitializeAsync() => _contract = await ApiContract.OfAsync(await apps.StartAsync());

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("/admin/load", """{"requests":50,"concurrency":10}""")]
    [InlineData("/admin/load", """{"requests":50}""")]
    [InlineData("/admin/load", """{"rate":5}""")]
    [InlineData("/admin/load", """{"rate":0.5,"requests":null}""")]
    [InlineData("/admin/load", "{}")]
    [InlineData("/admin/incidents", """{"scenario":"incident_b"}""")]
    [InlineData("/admin/incidents", """{"scenario":"random","seed":7,"pace":"real","blind":true,"max_duration_s":600}""")]
    [InlineData("/admin/incidents", """{"scenario":"random","seed":null,"pace":null,"blind":null,"max_duration_s":null}""")]
    [InlineData("/api/incidents/1/actions", """{"kind":"restart"}""")]
    [InlineData("/api/incidents/1/actions", """{"kind":"rollback","target":1}""")]
    [InlineData("/api/incidents/1/actions", """{"kind":"set_config","target":"db_pool_limit","value":20}""")]
    [InlineData("/api/incidents/1/actions", """{"kind":"set_config","target":"disable_cache","value":false}""")]
    [InlineData(
        "/api/incidents/1/diagnosis", """{"verdict":"nothing_wrong","component":"alerting_rule","mechanism":"alert_too_sensitive"}""")]
    [InlineData(
        "/api/incidents/1/diagnosis",
        """
        {"verdict":"ongoing","onset":null,"commits":null,"component":"cache","mechanism":"x","evidence":[],"repair":[{"kind":"restart"}]}
        """)]
    public void Request_ThatTheServiceReads_FitsItsSchema(string path, string body) =>
        Assert.Null(_contract.CheckRequest("POST", path, body));

    [Theory]
    [InlineData("/admin/load", """{"requests":"50"}""")]
    [InlineData("/admin/load", """{"requests":0}""")]
    [InlineData("/admin/load", """{"rates":5}""")]
    [InlineData("/admin/load", "null")]
    [InlineData("/admin/incidents", "{}")]
    [InlineData("/admin/incidents", """{"scenario":null}""")]
    [InlineData("/admin/incidents", """{"scenario":"incident_b","pace":"slow"}""")]
    [InlineData("/admin/incidents", """{"scenario":"incident_b","seed":1.5}""")]
    [InlineData("/api/incidents/1/actions", "{}")]
    [InlineData("/api/incidents/1/actions", """{"kind":null}""")]
    [InlineData("/api/incidents/1/actions", """{"kind":"Restart"}""")]
    [InlineData("/api/incidents/1/diagnosis", """{"verdict":"ongoing","component":"cache"}""")]
    [InlineData("/api/incidents/1/diagnosis", """{"verdict":"ongoing","component":"cache","mechanism":"x","onset":"yesterday"}""")]
    public void Request_ThatTheServiceRefuses_DoesNotFitItsSchema(string path, string body) =>
        Assert.NotNull(_contract.CheckRequest("POST", path, body));

    [Fact]
    public void Request_OfEachGuide_FitsItsSchema()
    {
        var calls = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "guides"), "*.md")
            .SelectMany(guide => CurlCall().Matches(File.ReadAllText(guide)))
            .Select(call => (Path: call.Groups["path"].Value, Body: Fill(call.Groups["body"].Value)))
            .Select(
                call => (
                    Path: call.Path.Replace("$RUN", "/api/incidents/1", StringComparison.Ordinal).Replace(
                        "$URL", "", StringComparison.Ordinal),
                    call.Body))
            .ToList();

        Assert.True(calls.Count >= 3, "The guides have fewer calls with a body than they had.");
        Assert.All(calls, call => Assert.Null(_contract.CheckRequest("POST", call.Path, call.Body)));

        static string Fill(string body) => ShellValue().Replace(body.Replace("\\\"", "\"", StringComparison.Ordinal), value =>
            value.Value.StartsWith("$(date", StringComparison.Ordinal) ? "2026-11-27T10:18:36Z" : "d40f3b2");
    }

    [Theory]
    [InlineData("/health", 200, "application/json", """{"status":"ok"}""", null)]
    [InlineData("/health", 200, "application/json", """{"status":1}""", "type")]
    [InlineData("/health", 200, "application/json", "{}", "required")]
    [InlineData("/health", 200, "application/json", """{"status":"ok","uptime_s":1}""", "uptime_s")]
    [InlineData("/health", 418, "application/json", "{}", "undocumented status 418")]
    [InlineData("/health", 200, "text/plain", "ok", "undocumented media type text/plain")]
    [InlineData("/health", 200, null, "", "as nothing")]
    [InlineData("/api/users/profile/1", 404, "application/problem+json", """{"title":"Unknown user"}""", "required")]
    [InlineData("/api/nowhere", 404, "application/problem+json", "{}", null)]
    public async Task Answer_AgainstTheDocument_IsToldApart(string path, int status, string? mediaType, string body, string? mistake)
    {
        var told = await _contract.CheckAnswerAsync("GET", path, status, mediaType, () => Task.FromResult(body));

        if (mistake is null)
        {
            Assert.Null(told);
        }
        else
        {
            Assert.Contains(mistake, told, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(
        """curl [^\n]*?(?<path>\$(URL|RUN)/\S+)[^\n|]*? -d (?:'(?<body>[^']*)'|"(?<body>(?:\\"|\$\([^)]*\)|[^"])*)")""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex CurlCall();

    [GeneratedRegex(@"\$\([^)]*\)|\$\w+")]
    private static partial Regex ShellValue();
}
