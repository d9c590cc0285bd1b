using Microsoft.Data.Sqlite;
using MockSre.Domain.Settings;
using MockSre.Web.Incidents;

namespace MockSre.Web.Tests.Incidents;

/// <summary>The incidents database while another process locks it.</summary>
public sealed class KeptLaterTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-test");

    private string File => Path.Combine(_directory.FullName, "incidents.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Close_WhileTheDatabaseIsLocked_IsKeptOnceItIsNot()
    {
        await using var app = IncidentApp.Start(("INCIDENTS_DATABASE_URL", $"sqlite:///{File}"));
        var id = await app.BeginAsync();
        await app.GoAsync(3);
        await using (var other = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await other.OpenAsync();
            await using var locked = await other.BeginTransactionAsync(System.Data.IsolationLevel.Serializable);
            using var closed = await app.Http.DeleteAsync(new Uri($"/admin/incidents/{id}", UriKind.Relative));
            Assert.Equal("abandoned", (await closed.JsonAsync()).GetProperty("state").GetString());
            Assert.Equal("closed", (await app.Http.GetJsonAsync($"/api/incidents/{id}")).GetProperty("status").GetString());
            Assert.Equal(
                "abandoned", (await app.Http.GetJsonAsync("/api/incidents")).GetProperty("incidents")[0].GetProperty("state").GetString());
        }

        using var store = new IncidentStore(new DatabaseUrl(File), TimeProvider.System);
        var begun = TimeProvider.System.GetTimestamp();
        while ((await store.ListAsync())[0].ClosedAt is null || (await store.ReadAsync(id))!.Closed is null)
        {
            app.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "The closed run was never stored.");
        }
    }

    [Fact]
    public async Task SecondService_OnTheSameFile_ClosesNothingAndBeginsNothing()
    {
        await using var first = IncidentApp.Start(("INCIDENTS_DATABASE_URL", $"sqlite:///{File}"));
        var id = await first.BeginAsync();

        await using var second = IncidentApp.Start(("INCIDENTS_DATABASE_URL", $"sqlite:///{File}"));

        using var refused = await second.Http.PostAsync("/admin/incidents", new { scenario = "noisy_alert" });
        Assert.Contains("INCIDENTS_DATABASE_URL", await refused.ProblemAsync(409), StringComparison.Ordinal);
        Assert.Equal(
            "armed", (await second.Http.GetJsonAsync("/api/incidents")).GetProperty("incidents")[0].GetProperty("state").GetString());
        Assert.Equal(id, first.OpenRun?.Incident.Id);
    }
}
