using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Web.Tests.Incidents;

public class IncidentsApiTests(SharedApps apps) : IClassFixture<SharedApps>
{
    private static readonly (string, string) Token = ("ADMIN_TOKEN", "correct-horse-battery-staple");

    [Theory]
    [InlineData("""{}""", "scenario is missing")]
    [InlineData("""{"scenario":"unknown"}""", "incident_b, many_queries")]
    [InlineData("""{"scenario":"noisy_alert","seed":-1}""", "0 to 2147483647")]
    [InlineData("""{"scenario":"noisy_alert","seed":2147483648}""", "seed has a value of another type, or outside")]
    [InlineData("""{"scenario":"noisy_alert","seed":1.5}""", "seed")]
    [InlineData("""{"scenario":"noisy_alert","pace":"fast"}""", "pace")]
    [InlineData("""{"scenario":"noisy_alert","pace":"demo,real"}""", "pace")]
    [InlineData("""{"scenario":"noisy_alert","pace":1}""", "pace")]
    [InlineData("""{"scenario":"noisy_alert","blind":"yes"}""", "blind")]
    [InlineData("""{"scenario":"noisy_alert","max_duration_s":30}""", "max_duration_s is a whole number from 1")]
    [InlineData("""{"scenario":"noisy_alert","max_duration_s":14401}""", "14400")]
    [InlineData("""{"scenario":"noisy_alert","alert_webhook_url":"http://elsewhere"}""", "alert_webhook_url")]
    [InlineData("""null""", "null")]
    [InlineData("""[""", "not JSON")]
    [InlineData("", "empty")]
    public async Task Start_NotUnderstood_Is400AndSaysWhat(string body, string says)
    {
        var app = apps.StartForIncidents();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await app.Http.PostAsync(new Uri("/admin/incidents", UriKind.Relative), content);

        Assert.Contains(says, await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Null(app.OpenRun);
    }

    [Fact]
    public async Task Start_AnyScenarioThereIs_GivesAnIdThatTellsNothing()
    {
        await using var app = IncidentApp.Start();
        foreach (var scenario in (await app.Http.GetJsonAsync("/admin/scenarios")).GetProperty("scenarios").EnumerateArray())
        {
            if (scenario.GetProperty("name").GetString() is { } name && name != "slow_drift" && name != "random")
            {
                var id = await app.BeginAsync(name);
                Assert.Matches("^[0-9a-f]{16}$", id);
                using var ended = await app.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));
                Assert.Equal("abandoned", (await ended.JsonAsync()).GetProperty("state").GetString());
            }
        }
    }

    [Fact]
    public async Task Start_ATableThatGrowsInMemory_Is409()
    {
        var app = apps.StartForIncidents();

        using var response = await app.Http.PostAsync("/admin/incidents", new { scenario = "slow_drift" });

        Assert.Contains("DATABASE_URL", await response.ProblemAsync(409), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BlindWithoutAToken_Is409()
    {
        var app = apps.StartForIncidents();

        using var response = await app.Http.PostAsync("/admin/incidents", new { scenario = "noisy_alert", blind = true });

        Assert.Contains("ADMIN_TOKEN", await response.ProblemAsync(409), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutAnInbox_Is409()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();

        using var response = await http.PostAsync("/admin/incidents", new { scenario = "noisy_alert" });

        Assert.Contains("SIGNAL_INBOX", await response.ProblemAsync(409), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OutsideDemo_Is403()
    {
        await using var app = IncidentApp.Start(("ENV", "local"));

        using var response = await app.Http.PostAsync("/admin/incidents", new { scenario = "noisy_alert" });

        await response.ProblemAsync(403);
    }

    [Theory]
    [InlineData("POST", "/admin/incidents")]
    [InlineData("GET", "/admin/incidents/x")]
    [InlineData("DELETE", "/admin/incidents/x")]
    [InlineData("GET", "/admin/incidents/x/export")]
    [InlineData("GET", "/admin/scenarios")]
    [InlineData("GET", "/api/incidents")]
    public async Task Anything_WithoutTheToken_Is401(string method, string path)
    {
        var app = apps.StartForIncidents(Token);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await app.Http.SendAsync(request);

        await response.ProblemAsync(401);
    }

    [Theory]
    [InlineData("POST", "/admin/incidents", """{"scenario":"noisy_alert"}""")]
    [InlineData("POST", "/admin/failure-mode/combined", null)]
    [InlineData("POST", "/admin/failure-mode/none", null)]
    [InlineData("POST", "/admin/reset", null)]
    [InlineData("POST", "/admin/load", null)]
    [InlineData("DELETE", "/admin/load/load-1", null)]
    public async Task ByHand_WhileARunIsOpen_Is409AndAfterwardsNot(string method, string path, string? body)
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();
        var deployment = app.Get<Domain.Faults.FailureSwitch>().Current.Number;

        using var refused = await SendAsync();
        await refused.ProblemAsync(409);
        Assert.Equal(deployment, app.Get<Domain.Faults.FailureSwitch>().Current.Number);
        Assert.Equal(id, app.OpenRun?.Incident.Id);

        using var ended = await app.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));
        using var after = await SendAsync();
        Assert.NotEqual(HttpStatusCode.Conflict, after.StatusCode);

        async Task<HttpResponseMessage> SendAsync()
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            return await app.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task Start_WhileModeAndLoadAreOn_ResetsThemFirst()
    {
        await using var app = IncidentApp.Start();
        using var mode = await app.Http.SetModeAsync("combined");
        using var load = await app.Http.PostAsync("/admin/load", new { rate = 1 });
        var loadId = (await load.JsonAsync()).GetProperty("id").GetString();

        var id = await app.BeginAsync();

        Assert.Equal("cancelled", (await app.Http.GetJsonAsync($"/admin/load/{loadId}")).GetProperty("state").GetString());
        var truth = await app.TruthAsync(id);
        Assert.Equal("armed", truth.GetProperty("state").GetString());
        using var profile = await app.Http.GetProfileAsync(1);
        Assert.Equal(HttpStatusCode.OK, profile.StatusCode);
        Assert.Equal("noisy_alert", profile.Header("X-Failure-Mode"));
    }

    [Fact]
    public async Task Cancel_AnOpenRun_TakesTheServiceBackToHealthy()
    {
        await using var app = IncidentApp.Start();
        var id = await app.BeginAsync();

        using var ended = await app.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));

        var truth = await ended.JsonAsync();
        Assert.Equal(("abandoned", "cancelled"), (truth.GetProperty("state").GetString(), truth.GetProperty("closed").GetString()));
        Assert.Null(app.OpenRun);
        Assert.Equal("none", (await app.Http.GetJsonAsync("/admin/failure-mode")).GetProperty("mode").GetString());
        Assert.DoesNotContain(app.Get<Domain.Load.LoadGenerator>().Runs, run => run.IsRunning);
    }

    [Fact]
    public async Task Run_LongerThanItMay_IsClosedByTheClock()
    {
        await using var app = IncidentApp.Start();
        var least = Math.Ceiling(app.Get<ScenarioCatalog>().Scenarios.Single(
            scenario => scenario.Name == "noisy_alert") is var s ? (s.InvestigationBeginsS / s.DemoSpeedup) + 60 : 0);
        var id = await app.BeginAsync(maxDurationS: (int)least);

        await app.GoAsync(least + 2);

        var closed = await app.Http.GetUntilAsync($"/admin/incidents/{id}", truth => truth.GetProperty("closed").GetString() is not null);
        Assert.Equal("timed_out", closed.GetProperty("closed").GetString());
    }

    [Fact]
    public async Task Unknown_Incident_Is404Everywhere()
    {
        var app = apps.StartForIncidents();

        foreach (var (method, path) in new[]
        {
            ("GET", "/admin/incidents/0"), ("DELETE", "/admin/incidents/0"), ("GET", "/admin/incidents/0/export"),
            ("GET", "/api/incidents/0"), ("GET", "/api/incidents/0/evidence/commits"),
            ("GET", "/api/incidents/0/evidence/logs"), ("GET", "/api/incidents/0/actions"), ("POST", "/api/incidents/0/actions"),
            ("POST", "/api/incidents/0/diagnosis"), ("POST", "/api/incidents/0/close"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var response = await app.Http.SendAsync(request);
            await response.ProblemAsync(404);
        }
    }

    [Fact]
    public async Task Export_OpenIs409_ClosedIsAZipWhoseHashesAreRight()
    {
        await using var app = IncidentApp.Start();
        var id = await app.InvestigateAsync();
        using var early = await app.Http.GetAsync(new Uri($"/admin/incidents/{id}/export", UriKind.Relative));
        await early.ProblemAsync(409);
        using var closed = await app.Http.PostAsync($"/api/incidents/{id}/close");

        using var zip = new ZipArchive(
            new MemoryStream(await app.Http.GetByteArrayAsync(new Uri($"/admin/incidents/{id}/export", UriKind.Relative))));

        using var manifest = JsonDocument.Parse(Read("manifest.json"));
        var files = manifest.RootElement.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal(
            zip.Entries.Select(entry => entry.FullName).Where(name => name != "manifest.json"),
            files.Select(file => file.GetProperty("name").GetString()));
        Assert.All(files, file => Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Read(file.GetProperty("name").GetString()!))),
            file.GetProperty("sha256").GetString()));
        Assert.Superset(
            new HashSet<string>
            {
                "commits.json", "deploys.json", "config.json", "signals.envelopes", "figures.json", "logs.jsonl", "actions.json",
                "diagnoses.json", "score.json",
            },
            zip.Entries.Select(entry => entry.FullName).ToHashSet());
        Assert.NotEmpty(Read("logs.jsonl"));

        byte[] Read(string name)
        {
            using var content = new MemoryStream();
            using var entry = zip.GetEntry(name)!.Open();
            entry.CopyTo(content);
            return content.ToArray();
        }
    }
}
