using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Settings;
using MockSre.Web.Data;
using MockSre.Web.Incidents;
using MockSre.Web.Tests.WebConsole;

namespace MockSre.Web.Tests.Incidents;

/// <summary>Two services on the same databases.</summary>
public sealed class TwoServicesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-test");

    private (string, string) Runs => ("INCIDENTS_DATABASE_URL", $"sqlite:///{RunsFile}");

    private (string, string) Profiles => ("DATABASE_URL", $"sqlite:///{ProfilesFile}");

    private string RunsFile => Path.Combine(_directory.FullName, "incidents.db");

    private string ProfilesFile => Path.Combine(_directory.FullName, "app.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Read_ARunOfTheOther_IsTheTruthAlsoAfterItWasReadBefore()
    {
        await using var first = IncidentApp.Start(Runs);
        await using var second = IncidentApp.Start(Runs);
        var id = await first.InvestigateAsync();

        Assert.Equal("open", (await second.Http.GetJsonAsync($"/api/incidents/{id}")).GetProperty("status").GetString());
        Assert.Equal(await EvidenceAsync(first, id, "deploys"), await EvidenceAsync(second, id, "deploys"));
        using var acted = await first.Http.PostAsync($"/api/incidents/{id}/actions", new { kind = "restart" });
        Assert.True(acted.IsSuccessStatusCode);
        Assert.Equal(await EvidenceAsync(first, id, "deploys"), await EvidenceAsync(second, id, "deploys"));
        Assert.Equal(1, (await second.Http.GetJsonAsync($"/api/incidents/{id}")).GetProperty("actions").GetInt32());
        using var closed = await first.Http.PostAsync($"/api/incidents/{id}/close");
        Assert.True(closed.IsSuccessStatusCode);

        Assert.Equal((await first.TruthAsync(id)).GetRawText(), (await second.TruthAsync(id)).GetRawText());
        Assert.Equal(await EvidenceAsync(first, id, "metrics"), await EvidenceAsync(second, id, "metrics"));
        Assert.Equal(
            (await first.Http.GetJsonAsync("/api/incidents")).GetRawText(),
            (await second.Http.GetJsonAsync("/api/incidents")).GetRawText());

        static async Task<string> EvidenceAsync(IncidentApp app, string id, string what) =>
            (await app.Http.GetJsonAsync($"/api/incidents/{id}/evidence/{what}")).GetRawText();
    }

    [Fact]
    public async Task Change_ARunOfTheOther_IsRefusedAndChangesNothing()
    {
        await using var first = IncidentApp.Start(Runs);
        await using var second = IncidentApp.Start(Runs);
        var id = await first.InvestigateAsync();
        var before = (await first.TruthAsync(id)).GetRawText();

        using var acted = await second.Http.PostAsync($"/api/incidents/{id}/actions", new { kind = "restart" });
        using var diagnosed = await second.Http.PostAsync($"/api/incidents/{id}/diagnosis", new { verdict = "nothing_wrong" });
        using var closed = await second.Http.PostAsync($"/api/incidents/{id}/close");
        using var cancelled = await second.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));
        using var exported = await second.Http.GetAsync(new Uri($"/admin/incidents/{id}/export", UriKind.Relative));

        foreach (var refused in (HttpResponseMessage[])[acted, diagnosed, closed, cancelled])
        {
            var problem = await refused.JsonAsync();
            Assert.Equal(409, problem.GetProperty("status").GetInt32());
            Assert.Equal("Another service plays this run", problem.GetProperty("title").GetString());
        }

        Assert.Equal(HttpStatusCode.Conflict, exported.StatusCode);
        Assert.Equal(before, (await first.TruthAsync(id)).GetRawText());
        using var unknown = await second.Http.DeleteAsync(new Uri("/admin/incidents/0", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Read_ARunWhoseServiceDied_IsClosedByTheOther()
    {
        await using var app = IncidentApp.Start(Runs);
        var url = new DatabaseUrl(RunsFile);
        using var store = new IncidentStore(url, TimeProvider.System);
        using var fileLock = new DatabaseLock(url);
        var incident = IncidentRecords.Investigated("a");
        using (fileLock.TryTake())
        {
            await store.CreateAsync(IncidentHeader.Of(incident, null), incident.Plan);
            await store.AppendAsync("a", [.. incident.States, .. incident.Deploys, incident.Alert!, .. incident.Seconds]);
            Assert.Equal("open", (await app.Http.GetJsonAsync("/api/incidents/a")).GetProperty("status").GetString());
            Assert.Equal("investigating", State(await app.Http.GetJsonAsync("/api/incidents")));
        }

        var read = await app.Http.GetJsonAsync("/api/incidents/a");

        Assert.Equal("closed", read.GetProperty("status").GetString());
        Assert.NotEqual(JsonValueKind.Null, read.GetProperty("score").ValueKind);
        Assert.Equal("abandoned", State(await app.Http.GetJsonAsync("/api/incidents")));
        Assert.Equal(CloseReason.Restarted, (await store.ReadAsync("a"))!.Closed?.Closed);

        static string? State(JsonElement list) => list.GetProperty("incidents")[0].GetProperty("state").GetString();
    }

    [Fact]
    public async Task Start_AnotherServicePlaysOnTheSameProfiles_IsRefusedUntilItIsClosedAndLeavesItsRows()
    {
        await using var first = IncidentApp.Start(Profiles, Runs);
        var id = await first.BeginAsync("slow_drift");
        await first.GoAsync(4);
        var rows = ImportedRows();
        Assert.True(rows > 0);

        // The second service has its own runs database, but shares the profiles.
        await using var second = IncidentApp.Start(Profiles);
        using var refused = await second.Http.PostAsync("/admin/incidents", new { scenario = "noisy_alert" });

        Assert.Contains(" DATABASE_URL", await refused.ProblemAsync(409), StringComparison.Ordinal);
        using var mode = await second.Http.SetModeAsync("cache_off");
        Assert.True(mode.IsSuccessStatusCode);
        Assert.True(ImportedRows() >= rows);
        Assert.Equal(id, first.OpenRun?.Incident.Id);

        using var closed = await first.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));
        Assert.True(closed.IsSuccessStatusCode);
        Assert.Equal(0, ImportedRows());
        await second.BeginAsync();
    }

    private long ImportedRows()
    {
        using var connection = new SqliteConnection($"Data Source={ProfilesFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM profile_activity WHERE kind = 'import'";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
