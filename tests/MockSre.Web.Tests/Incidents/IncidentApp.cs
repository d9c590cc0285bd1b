using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Load;
using MockSre.Web.Incidents;

namespace MockSre.Web.Tests.Incidents;

/// <summary>A whole service on a fake clock. Requests end before the clock advances, so runs do not depend on scans or waits.</summary>
internal sealed class IncidentApp : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly MockSreApp _app;

    private IncidentApp(MockSreApp app)
    {
        _app = app;
        Http = app.CreateClient();
    }

    public FakeTimeProvider Time { get; private init; } = null!;

    public HttpClient Http { get; }

    public MockSreApp Service => _app;

    public IncidentRun? OpenRun => Get<CurrentRun>().Run;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public HttpClient CreateClient() => _app.CreateClient();

    public static IncidentApp Start(params (string Variable, string Value)[] settings)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 12, 9, 0, 0, TimeSpan.Zero));
        return new IncidentApp(MockSreApp.StartForIncidents(time, settings)) { Time = time };
    }

    /// <summary>Starts a run; by default one without a fault.</summary>
    /// <returns>The id of the run.</returns>
    public async Task<string> BeginAsync(string scenario = "noisy_alert", bool blind = false, int? maxDurationS = null)
    {
        using var response = await Http.PostAsync("/admin/incidents", new { scenario, seed = 1, blind, max_duration_s = maxDurationS });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.JsonAsync()).GetProperty("id").GetString()!;
    }

    /// <summary>Starts a run and advances the clock until the investigation begins.</summary>
    public async Task<string> InvestigateAsync(bool blind = false)
    {
        var id = await BeginAsync(blind: blind);
        await GoAsync(OpenRun!.Incident.Plan.InvestigationBeginsS + 2);
        return id;
    }

    /// <summary>Advances the clock, by at most a second at once.</summary>
    public async Task GoAsync(double seconds)
    {
        var end = Time.GetUtcNow().AddSeconds(seconds);
        while (Time.GetUtcNow() < end)
        {
            var left = end - Time.GetUtcNow();
            Time.Advance(left < Step ? left : Step);
            await SettleAsync();
        }
    }

    public async Task<JsonElement> TruthAsync(string id) => await Http.GetJsonAsync($"/admin/incidents/{id}");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private Task SettleAsync() => Eventually.TrueAsync(IsSettled);

    // Whether every due request has been sent and answered.
    private bool IsSettled()
    {
        if (OpenRun is not { } run || Get<LoadGenerator>().Runs is not [var load, ..])
        {
            return true;
        }

        var report = load.Report();
        var due = Math.Floor((Time.GetUtcNow() - report.StartedAt).TotalSeconds * run.Incident.Plan.Load.Rate);
        return report.InFlight == 0 && report.Sent + report.Skipped >= due;
    }
}
