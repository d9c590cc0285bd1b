using System.Text.Json;

namespace MockSre.Checks.Faults;

/// <summary>Requests from outside do not change the figures of a blind run. The run is played with and without them.</summary>
internal static class StrangerCheck
{
    private const string Scenario = "scan_alone";
    private const string Token = "check-faults";
    private const int Burst = 50;

    /// <summary>The limit for the p95 with outside requests, as a multiple of the p95 without.</summary>
    private const double MostRatio = 1.25;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string service, CheckReport report)
    {
        var runs = await Task.WhenAll(PlayAsync(service, bursts: false), PlayAsync(service, bursts: true));
        var (alone, visited) = (runs[0], runs[1]);
        report.Add(
            $"{Scenario} blind, with {Burst} outside requests every {Interval.TotalSeconds:F0} s and without",
            $"investigating; p95 at most {MostRatio} times as long",
            $"with: {visited.State}, {visited.P95:F0} ms; without: {alone.State}, {alone.P95:F0} ms; ratio {visited.P95 / alone.P95:F2}",
            alone.State == "investigating" && visited.State == "investigating" && visited.P95 <= alone.P95 * MostRatio);
        report.Add(
            "errors in the evidence",
            "the same with and without outside requests",
            $"with: {Names(visited.Issues)}; without: {Names(alone.Issues)}",
            visited.Issues.Order().SequenceEqual(alone.Issues.Order()));
        report.Add(
            "outside requests",
            "all are answered",
            $"{visited.Answered} of {visited.Asked}",
            visited.Asked > 0 && visited.Answered == visited.Asked);

        static string Names(IReadOnlyCollection<string> issues) => issues.Count == 0 ? "none" : string.Join(", ", issues.Order());
    }

    private static async Task<Played> PlayAsync(string service, bool bursts)
    {
        await using var server = await ServerProcess.StartServiceAsync(service, ("ADMIN_TOKEN", Token));
        using var client = new FaultClient(server.Address, Token);
        var id = await client.BeginAsync(Scenario, blind: true);
        using var stop = new CancellationTokenSource();
        var strangers = bursts ? VisitAsync(server.Address, stop.Token) : Task.FromResult((Asked: 0, Answered: 0));
        var state = await client.InvestigableAsync(id);
        await stop.CancelAsync();
        var (asked, answered) = await strangers;

        var p95s = (await client.GetJsonAsync($"/api/incidents/{id}/evidence/metrics")).GetProperty("by_release").EnumerateArray()
            .Select(release => release.GetProperty("p95_ms"))
            .Where(p95 => p95.ValueKind == JsonValueKind.Number);
        var signals = await client.GetJsonAsync($"/api/incidents/{id}/evidence/signals");
        return new Played(
            state,
            p95s.Max(p95 => p95.GetDouble()),
            [.. signals.GetProperty("issues").EnumerateArray().Select(issue => issue.GetProperty("type").GetString()!)],
            asked,
            answered);
    }

    private static async Task<(int Asked, int Answered)> VisitAsync(Uri server, CancellationToken stop)
    {
        using var stranger = new FaultClient(server);
        var answers = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            var paths = Enumerable.Range(0, Burst).Select(number => $"/api/users/profile/{(number % ServiceClient.Users) + 1}");
            answers.AddRange(await Task.WhenAll(paths.Select(stranger.TryGetAsync)));
            await Task.Delay(Interval, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (answers.Count, answers.Count(answer => answer is "200" or "429" or "500" or "503"));
    }

    private sealed record Played(string State, double P95, IReadOnlyCollection<string> Issues, int Asked, int Answered);
}
