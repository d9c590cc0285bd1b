using System.Text.Json;
using MockSre.Domain.Settings;
using MockSre.Web.Incidents;
using MockSre.Web.Tests.Composition;

namespace MockSre.Web.Tests.Incidents;

/// <summary>The real program is killed or stopped during a run.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class RestartTests : IDisposable
{
    private readonly DirectoryInfo _directory = ServiceProcess.NewDirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_InterruptedInTheMiddle_ComesBackClosedWithAllThatHappened(bool killed)
    {
        string id;
        long lines;
        await using (var service = Start())
        {
            using var http = new HttpClient { BaseAddress = (await service.GreetingAsync()).Address };
            using var started = await http.PostAsync("/admin/incidents", new { scenario = "incident_b", seed = 3 });
            id = (await started.JsonAsync()).GetProperty("id").GetString()!;
            await http.GetUntilAsync(
                $"/api/incidents/{id}/evidence/signals", signals => signals.GetProperty("transactions").GetArrayLength() >= 5);
            var trace = (await LinesAsync(http, id, "&level=information"))[0].GetProperty("trace_id").GetString();
            Assert.All(
                await LinesAsync(http, id, $"&trace_id={trace}"), line => Assert.Equal(trace, line.GetProperty("trace_id").GetString()));
            lines = Number((await LinesAsync(http, id))[0]);

            await KeptAsync(id, lines);
            await service.SignalAsync(killed ? "KILL" : "TERM");
            await service.EndAsync();
        }

        await using var again = Start();
        using var after = new HttpClient { BaseAddress = (await again.GreetingAsync()).Address };

        var summary = Assert.Single((await after.GetJsonAsync("/api/incidents")).GetProperty("incidents").EnumerateArray());
        Assert.Equal(
            (id, "abandoned", "restarted"),
            (summary.GetProperty("id").GetString(), summary.GetProperty("state").GetString(), summary.GetProperty("closed").GetString()));
        Assert.Equal("closed", (await after.GetJsonAsync($"/api/incidents/{id}")).GetProperty("status").GetString());
        Assert.True(Number((await LinesAsync(after, id))[0]) >= lines);
        Assert.True((await after.GetJsonAsync($"/api/incidents/{id}/evidence/signals")).GetProperty("transactions").GetArrayLength() >= 5);
        Assert.True(Requests(await after.GetJsonAsync($"/api/incidents/{id}/evidence/metrics")) > 0);
        Assert.Equal("none", (await after.GetJsonAsync("/admin/failure-mode")).GetProperty("mode").GetString());
        using var byHand = await after.SetModeAsync("cache_off");
        Assert.True(byHand.IsSuccessStatusCode);
    }

    // Waits until the service has stored enough of the run, by reading its database file.
    private async Task KeptAsync(string id, long lines)
    {
        using var store = new IncidentStore(new DatabaseUrl(Path.Combine(_directory.FullName, "incidents.db")), TimeProvider.System);
        var begun = TimeProvider.System.GetTimestamp();
        while ((await store.ReadAsync(id))! is var kept && (kept.Lines.Count < lines || kept.Signals.Count < 5 || kept.Seconds.Count < 2))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "The events of the run were not stored.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private ServiceProcess Start() =>
        ServiceProcess.Start(_directory, new Dictionary<string, string> { ["ENV"] = "demo" }, "--urls", "http://127.0.0.1:0");

    private static async Task<List<JsonElement>> LinesAsync(HttpClient http, string id, string query = "") =>
        [.. (await http.GetJsonAsync($"/api/incidents/{id}/evidence/logs?limit=500{query}")).GetProperty("logs").EnumerateArray()];

    private static long Number(JsonElement line) => long.Parse(line.GetProperty("id").GetString()!.Split(':')[1]);

    private static int Requests(JsonElement metrics) =>
        metrics.GetProperty("by_time").EnumerateArray().Sum(bucket => bucket.GetProperty("requests").GetInt32());
}
