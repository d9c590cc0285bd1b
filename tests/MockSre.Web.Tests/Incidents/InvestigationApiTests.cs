using System.Text.Json;
using MockSre.Domain.Faults.SmallPool;

namespace MockSre.Web.Tests.Incidents;

public class InvestigationApiTests(OpenIncidentFixture open) : IClassFixture<OpenIncidentFixture>
{
    private const string Diagnosis = """
        {"verdict":"nothing_wrong","onset":null,"commits":[],"component":"alerting_rule","mechanism":"alert_too_sensitive",
        "evidence":[],"repair":[]}
        """;

    [Fact]
    public async Task Get_WhileOpen_TellsTheAlertOnceItRingsAndNoScore()
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();
        var before = await app.Http.GetJsonAsync($"/api/incidents/{id}");
        Assert.Equal(("open", JsonValueKind.Null), (before.GetProperty("status").GetString(), before.GetProperty("alert").ValueKind));

        await app.GoAsync(app.OpenRun!.Incident.Plan.InvestigationBeginsS + 2);

        var after = await app.Http.GetJsonAsync($"/api/incidents/{id}");
        Assert.Equal("ProfileRejectedRequests", after.GetProperty("alert").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, after.GetProperty("score").ValueKind);
        Assert.True(after.GetProperty("diagnosis_form").GetProperty("components").GetArrayLength() >= 12);
        Assert.True(after.GetProperty("diagnosis_form").GetProperty("mechanisms").GetArrayLength() >= 12);
        Assert.Contains(
            "investigating",
            (await app.TruthAsync(id)).GetProperty("states").EnumerateArray().Select(state => state.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("actions", """{"kind":"restart"}""")]
    [InlineData("diagnosis", Diagnosis)]
    [InlineData("close", null)]
    public async Task Anything_BeforeTheInvestigation_Is409AndSaysWhenToTryAgain(string path, string? body)
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();

        using var response = await SendAsync(app, $"/api/incidents/{id}/{path}", body);

        await response.ProblemAsync(409);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Evidence_OfEveryKind_HasIdsThatADiagnosisCanCite()
    {
        await using var app = IncidentApp.Start();
        var id = await app.InvestigateAsync();
        var commits = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/commits");
        var deploys = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/deploys");
        var config = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/config");
        var metrics = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/metrics");
        var logs = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=1");
        string[] cited =
        [
            IdOf(commits.GetProperty("commits")), IdOf(deploys.GetProperty("deploys")), IdOf(config.GetProperty("config")),
            IdOf(metrics.GetProperty("by_release")),
            IdOf(metrics.GetProperty("by_time")), IdOf(logs.GetProperty("logs")),
        ];

        using var response = await app.Http.PostAsync(
            $"/api/incidents/{id}/diagnosis",
            new { verdict = "nothing_wrong", component = "alerting_rule", mechanism = "alert_too_sensitive", evidence = cited });

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var kept = (await app.TruthAsync(id)).GetProperty("diagnoses")[0].GetProperty("cited");
        Assert.Equal(cited, kept.EnumerateArray().Select(item => item.GetProperty("id").GetString()));

        static string IdOf(JsonElement items) => items[0].GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task Deploys_OfTheRun_AreMadeOfCommitsThatAreHoursOlder()
    {
        var (app, id) = (open.App, open.Id);

        var commits = (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/commits")).GetProperty("commits").EnumerateArray()
            .ToDictionary(commit => commit.GetProperty("sha").GetString()!, commit => commit.GetProperty("at").GetDateTimeOffset());
        var deploys = (await app.Http.GetJsonAsync(
            $"/api/incidents/{id}/evidence/deploys")).GetProperty("deploys").EnumerateArray().ToList();

        Assert.NotEmpty(deploys);
        Assert.All(deploys, deploy => Assert.All(
            deploy.GetProperty("commits").EnumerateArray(),
            sha => Assert.True(deploy.GetProperty("at").GetDateTimeOffset() - commits[sha.GetString()!] > TimeSpan.FromHours(1))));
        Assert.Contains(commits.Values, at => at > deploys.Max(deploy => commits[deploy.GetProperty("release").GetString()!]));
    }

    [Fact]
    public async Task Logs_PageByPage_GiveEveryLineOnce()
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();
        await app.GoAsync(30);
        var numbers = new List<long>();
        for (var before = ""; ;)
        {
            var page = await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=40{before}");
            var lines = page.GetProperty("logs").EnumerateArray().Select(
                line => long.Parse(line.GetProperty("id").GetString()!.Split(':')[1])).ToList();
            numbers.AddRange(lines);
            if (!page.GetProperty("more").GetBoolean())
            {
                break;
            }

            before = $"&before={lines[^1]}";
        }

        Assert.True(numbers.Count > 100);
        Assert.Equal(Enumerable.Range(1, numbers.Count).Reverse().Select(number => (long)number), numbers);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=many")]
    [InlineData("before=last")]
    [InlineData("before=-1")]
    [InlineData("level=warn")]
    [InlineData("level=WARNING")]
    [InlineData("trace_id=1234")]
    [InlineData("trace_id=x0000000000000000000000000000000")]
    [InlineData("release=zzzz")]
    [InlineData("release=000")]
    [InlineData("release=0000000")]
    public async Task Logs_WrongQuery_Is400(string query)
    {
        var (app, id) = (open.App, open.Id);

        using var response = await app.Http.GetAsync(new Uri($"/api/incidents/{id}/evidence/logs?{query}", UriKind.Relative));

        await response.ProblemAsync(400);
    }

    [Fact]
    public async Task Logs_Filtered_AreThoseOnly()
    {
        await using var app = IncidentApp.Start();
        var id = await app.InvestigateAsync();
        var last = (await LogsAsync(""))[^1];
        var (release, trace) = (last.GetProperty("release").GetString()!, last.GetProperty("trace_id").GetString()!);

        await EachHasAsync($"release={release.ToUpperInvariant()[..4]}", "release", release);
        await EachHasAsync($"trace_id={trace.ToUpperInvariant()}", "trace_id", trace);
        await EachHasAsync("level=information", "level", "information");
        Assert.Empty(await LogsAsync($"trace_id={new string('0', 32)}"));

        async Task EachHasAsync(string query, string fact, string value)
        {
            var lines = await LogsAsync(query);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Equal(value, line.GetProperty(fact).GetString()));
        }

        async Task<JsonElement[]> LogsAsync(string query) =>
            [.. (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=500&{query}")).GetProperty("logs").EnumerateArray()];
    }

    [Theory]
    [InlineData("""{}""", "kind is one of rollback, revert, set_config, restart")]
    [InlineData("", "The body is empty")]
    [InlineData("null", "The body is null")]
    [InlineData("[]", "The body has a value of another type")]
    [InlineData("{\"kind\":\n\"restart\"", "The body is not JSON: line 2, byte 10")]
    [InlineData("\uFEFF{\"kind\":\"restart\"}", "The body is not JSON: line 1, byte 1")]
    [InlineData("""{"kind":"restart","kind":"restart"}""", "kind is given twice")]
    [InlineData("""{"kind":"reboot"}""", "kind")]
    [InlineData("""{"kind":"revert,set_config"}""", "kind is one of")]
    [InlineData("""{"kind":"RESTART"}""", "kind is one of")]
    [InlineData("""{"kind":"restart","target":"all"}""", "target is not for a restart")]
    [InlineData("""{"kind":"rollback"}""", "target is missing")]
    [InlineData("""{"kind":"rollback","target":99}""", "no deploy '99'")]
    [InlineData("""{"kind":"rollback","target":[1]}""", "target has a value of another type")]
    [InlineData("""{"kind":"rollback","target":1,"value":2}""", "set_config only")]
    [InlineData("""{"kind":"revert","target":"0000000"}""", "no commit '0000000'")]
    [InlineData("""{"kind":"set_config","target":"db_pool_limit"}""", "value is missing")]
    [InlineData("""{"kind":"set_config","target":"db_pool_limit","value":0}""", "1 to 100")]
    [InlineData("""{"kind":"set_config","target":"admin_token","value":"x"}""", "db_pool_limit")]
    [InlineData("""{"kind":"restart","force":true}""", "force is not known here")]
    public async Task Act_NotUnderstood_Is400AndDoesNothing(string body, string says)
    {
        var (app, id) = (open.App, open.Id);

        using var response = await SendAsync(app, $"/api/incidents/{id}/actions", body);

        Assert.Contains(says, await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Empty((await app.Http.GetJsonAsync($"/api/incidents/{id}/actions")).GetProperty("actions").EnumerateArray());
    }

    [Fact]
    public async Task Act_OfEachKind_IsDeployedAtOnce()
    {
        await using var app = IncidentApp.Start();
        var id = await app.InvestigateAsync();
        var deploys = (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/deploys")).GetProperty("deploys");
        var newest = deploys[0].GetProperty("commits")[0].GetString();

        var made = new List<JsonElement>();
        foreach (var body in new[]
        {
            """{"kind":"set_config","target":"db_pool_limit","value":7}""", """{"kind":"restart"}""",
            $$"""{"kind":"revert","target":"{{newest!.ToUpperInvariant()[..5]}}"}""", """{"kind":"rollback","target":"deploy:1"}""",
        })
        {
            using var response = await SendAsync(app, $"/api/incidents/{id}/actions", body);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            made.Add(await response.JsonAsync());
            Assert.Equal(7, app.Get<Domain.Faults.FailureSwitch>().Current.Traits[SmallPoolFault.Limit]);
        }

        Assert.Equal([1, 2, 3, 4], made.Select(action => action.GetProperty("number").GetInt32()));
        Assert.Equal(["db_pool_limit", null, newest, "1"], made.Select(action => action.GetProperty("target").GetString()));
        var after = (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/deploys")).GetProperty("deploys");
        Assert.Equal(deploys.GetArrayLength() + 4, after.GetArrayLength());
        Assert.Equal(
            ["rollback", "revert", "restart", "config"],
            after.EnumerateArray().Take(4).Select(deploy => deploy.GetProperty("cause").GetString()));
        using var again = await SendAsync(app, $"/api/incidents/{id}/actions", $$"""{"kind":"revert","target":"{{newest}}"}""");
        await again.ProblemAsync(409);
        Assert.Equal(4, (await app.Http.GetJsonAsync($"/api/incidents/{id}/actions")).GetProperty("actions").GetArrayLength());
    }

    [Theory]
    [InlineData("verdict", "\"unclear\"", "verdict is one of ongoing, recovered, nothing_wrong")]
    [InlineData("verdict", "\"ongoing,recovered\"", "verdict is one of")]
    [InlineData("verdict", "\"ONGOING\"", "verdict is one of")]
    [InlineData("verdict", "\" ongoing \"", "verdict is one of")]
    [InlineData("repair", "[{\"kind\":\"restart,revert\"}]", "repair[0].kind is one of")]
    [InlineData("verdict", "null", "verdict is one of ongoing, recovered, nothing_wrong")]
    [InlineData("onset", "\"yesterday\"", "onset is not a time")]
    [InlineData("component", "\"printer\"", "component is one of")]
    [InlineData("component", "null", "component is one of")]
    [InlineData("mechanism", "\"magic\"", "mechanism is one of")]
    [InlineData("commits", "[\"0000000\"]", "no commit")]
    [InlineData("commits", "[null]", "null")]
    [InlineData("evidence", "[\"log:0\"]", "no evidence")]
    [InlineData("evidence", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]", "at most 8")]
    [InlineData("repair", "[{\"kind\":\"rollback\"}]", "repair[0].target is missing")]
    [InlineData("repair", "[{\"kind\":\"rollback\",\"target\":99}]", "no deploy '99'")]
    [InlineData("confidence", "1", "confidence is not known here")]
    public async Task Diagnose_NotUnderstood_Is400AndNotKept(string field, string value, string says)
    {
        var (app, id) = (open.App, open.Id);
        var body = System.Text.Json.Nodes.JsonNode.Parse(Diagnosis)!;
        body[field] = System.Text.Json.Nodes.JsonNode.Parse(value);

        using var response = await SendAsync(app, $"/api/incidents/{id}/diagnosis", body.ToJsonString());

        Assert.Contains(says, await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal(0, (await app.Http.GetJsonAsync($"/api/incidents/{id}")).GetProperty("diagnoses").GetInt32());
    }

    [Theory]
    [InlineData("2026-11-27T10:18:36")]
    [InlineData("2026-11-27T10:18")]
    [InlineData("2026-11-27")]
    public async Task Diagnose_OnsetWithoutAnOffset_Is400AndSaysSo(string onset)
    {
        var (app, id) = (open.App, open.Id);

        using var response = await SendAsync(
            app, $"/api/incidents/{id}/diagnosis", Diagnosis.Replace("\"onset\":null", $"\"onset\":\"{onset}\"", StringComparison.Ordinal));

        Assert.Contains("onset", await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal("Time without an offset", (await response.JsonAsync()).GetProperty("title").GetString());
        Assert.Equal(0, (await app.Http.GetJsonAsync($"/api/incidents/{id}")).GetProperty("diagnoses").GetInt32());
    }

    [Fact]
    public async Task Diagnose_OnsetWithAnOffset_IsRecordedInUtc()
    {
        await using var app = IncidentApp.Start();
        var id = await app.InvestigateAsync();

        using var response = await SendAsync(
            app, $"/api/incidents/{id}/diagnosis",
            Diagnosis.Replace("\"onset\":null", "\"onset\":\"2026-11-27T10:18:36+08:00\"", StringComparison.Ordinal));

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var kept = (await app.TruthAsync(id)).GetProperty("diagnoses")[0].GetProperty("diagnosis");
        Assert.Equal("2026-11-27T02:18:36Z", kept.GetProperty("onset").GetString());
    }

    [Fact]
    public async Task Close_AfterTheRightDiagnosis_GivesTheScoreAndEndsEverything()
    {
        await using var app = IncidentApp.Start();
        var id = await app.InvestigateAsync();
        using var first = await SendAsync(
            app, $"/api/incidents/{id}/diagnosis", Diagnosis.Replace("nothing_wrong", "ongoing", StringComparison.Ordinal));
        using var last = await SendAsync(app, $"/api/incidents/{id}/diagnosis", Diagnosis);
        Assert.Equal(2, (await last.JsonAsync()).GetProperty("number").GetInt32());

        using var closed = await app.Http.PostAsync($"/api/incidents/{id}/close");

        var score = (await closed.JsonAsync()).GetProperty("score");
        Assert.Equal("closed", (await app.Http.GetJsonAsync($"/api/incidents/{id}")).GetProperty("status").GetString());
        Assert.Equal(2, score.GetProperty("diagnoses_given").GetInt32());
        Assert.Equal(1, score.GetProperty("parts").EnumerateArray().Single(
            part => part.GetProperty("name").GetString() == "verdict").GetProperty("value").GetDouble());
        Assert.Equal(7, score.GetProperty("beside").GetArrayLength());
        Assert.True(score.GetProperty("diagnose_s").GetDouble() > 0);
        foreach (var path in new[] { "actions", "diagnosis", "close" })
        {
            using var late = await SendAsync(
                app, $"/api/incidents/{id}/{path}",
                path switch { "actions" => """{"kind":"restart"}""", "diagnosis" => Diagnosis, _ => "" });
            await late.ProblemAsync(409);
        }

        Assert.NotEmpty((await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/commits")).GetProperty("commits").EnumerateArray());
        var summary = (await app.Http.GetJsonAsync("/api/incidents")).GetProperty("incidents")[0];
        Assert.Equal(("closed", "finished"), (summary.GetProperty("state").GetString(), summary.GetProperty("closed").GetString()));
        Assert.Equal(score.GetProperty("total").GetDouble(), summary.GetProperty("total").GetDouble());
    }

    [Fact]
    public async Task Evidence_OfTheControl_HoldsNoServerError()
    {
        var (app, id) = (open.App, open.Id);

        var byTime = (await app.Http.GetJsonAsync(
            $"/api/incidents/{id}/evidence/metrics")).GetProperty("by_time").EnumerateArray().ToList();

        Assert.Equal(0, byTime.Sum(bucket => bucket.GetProperty("errors").GetInt32()));
        Assert.True(byTime.Sum(bucket => bucket.GetProperty("client_errors").GetInt32()) > 0);
        Assert.True(byTime.Sum(bucket => bucket.GetProperty("requests").GetInt32()) > 500);
    }

    private static async Task<HttpResponseMessage> SendAsync(IncidentApp app, string path, string? body)
    {
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return await app.Http.PostAsync(new Uri(path, UriKind.Relative), content);
    }
}
