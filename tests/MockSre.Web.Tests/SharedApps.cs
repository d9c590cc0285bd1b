using System.Runtime.CompilerServices;
using MockSre.Web.Tests.Incidents;

namespace MockSre.Web.Tests;

/// <summary>
/// Services that the tests of a class share, one for each choice of settings, because starting one costs more than most tests.
/// Each test finds the mode, the load, the figures, the inbox and the log as after a reset.
/// </summary>
/// <remarks>Not for tests that depend on the rest: incident runs, sessions, the count of wrong tokens, ids and history.</remarks>
public sealed class SharedApps : IAsyncLifetime
{
    private readonly Dictionary<string, MockSreApp> _apps = [];
    private readonly Dictionary<string, IncidentApp> _incidentApps = [];

    public Task InitializeAsync() => Task.CompletedTask;

    internal Task<MockSreApp> StartAsync(params (string Variable, string Value)[] settings) => GetAsync(MockSreApp.Start, settings);

    internal Task<MockSreApp> StartWithInboxAsync(params (string Variable, string Value)[] settings) =>
        GetAsync(MockSreApp.StartWithInbox, settings);

    internal Task<MockSreApp> StartOnSocketAsync(params (string Variable, string Value)[] settings) =>
        GetAsync(MockSreApp.StartOnSocket, settings);

    /// <summary>A service that could play an incident, for tests that begin none. It is not reset.</summary>
    internal IncidentApp StartForIncidents(params (string Variable, string Value)[] settings)
    {
        var key = string.Join(' ', settings);
        return _incidentApps.TryGetValue(key, out var app) ? app : _incidentApps[key] = IncidentApp.Start(settings);
    }

    public async Task DisposeAsync()
    {
        foreach (var app in _incidentApps.Values)
        {
            await app.DisposeAsync();
        }

        foreach (var app in _apps.Values)
        {
            await app.DisposeAsync();
        }
    }

    private async Task<MockSreApp> GetAsync(
        Func<(string Variable, string Value)[], MockSreApp> start,
        (string Variable, string Value)[] settings,
        [CallerMemberName] string kind = "")
    {
        var key = $"{kind} {string.Join(' ', settings)}";
        if (_apps.TryGetValue(key, out var app))
        {
            await app.ResetAsync();
            return app;
        }

        return _apps[key] = start(settings);
    }
}
