namespace MockSre.Investigator;

/// <summary>One incident, from the alert to the score.</summary>
/// <remarks>To plug in an agent, replace <see cref="ReadAsync"/> and <see cref="RepairAsync"/>.</remarks>
internal sealed class Investigation(IncidentClient client, Action<string> say)
{
    private const int MaxEvidence = 8;
    private const int KeptBuckets = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RepairPatience = TimeSpan.FromSeconds(100);

    // The API shows only the slowest transactions. Healthy ones must be collected before the incident.
    private readonly Dictionary<string, Transaction> _seen = [];

    public async Task<Incident> RunAsync(CancellationToken stop)
    {
        var incident = await AwaitAlertAsync(stop);
        var (timeline, suspects) = await ReadAsync(incident, stop);
        var (verdict, repair) = timeline switch
        {
            { IsBroken: not false, Onset: not null } => ("ongoing", await RepairAsync(incident.ServiceLevel, suspects, stop)),
            { Onset: not null } => ("recovered", []),
            _ => ("nothing_wrong", []),
        };
        var diagnosis = Conclude(verdict, timeline, suspects, repair);
        say($"Diagnosis: {diagnosis.Verdict}, {diagnosis.Component}, {diagnosis.Mechanism}; "
            + $"commits {Listed(diagnosis.Commits)}; evidence {Listed(diagnosis.Evidence)}.");
        await client.SubmitAsync(diagnosis, stop);
        return await client.CloseAsync(stop);
    }

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items.DefaultIfEmpty("none"));

    private async Task<Incident> AwaitAlertAsync(CancellationToken stop)
    {
        say($"Incident {client.Id}: waiting for the alert, about two minutes at the pace demo. Watch it at {client.ConsolePage} ...");
        while (true)
        {
            var incident = await client.GetAsync(stop);
            if (incident.Status == "closed")
            {
                throw new InvestigationException("The incident is closed.");
            }

            await WatchAsync(stop);
            if (incident.Alert is { } alert)
            {
                say($"{alert.FiredAt:T} {alert.Name}: {alert.Summary}");
                return incident;
            }
        }
    }

    private async Task<Signals> WatchAsync(CancellationToken stop)
    {
        var signals = await client.GetSignalsAsync(stop);
        foreach (var transaction in signals.Transactions)
        {
            _seen[transaction.Id] = transaction;
        }

        await Task.Delay(Pause, TimeProvider.System, stop);
        return signals with { Transactions = [.. _seen.Values] };
    }

    // An alert may fire early, and a service may recover by itself or for a moment. So it is watched twice as long while it is not
    // clearly broken.
    private async Task<(Timeline Timeline, IReadOnlyList<Suspect> Suspects)> ReadAsync(Incident incident, CancellationToken stop)
    {
        Signals signals;
        Timeline timeline;
        TimeSpan watched;
        do
        {
            signals = await WatchAsync(stop);
            timeline = await Timeline.ReadAsync(client, incident.ServiceLevel, stop);
            watched = TimeProvider.System.GetUtcNow() - incident.Alert!.FiredAt;
        }
        while (watched < (timeline.IsBroken == true ? Settling / 2 : Settling));

        var changes = await client.GetChangesAsync(stop);
        var releases = (await client.GetMetricsAsync(stop)).ByRelease
            .Where(figures => changes.Deploys.Any(deploy => deploy.Release == figures.Release && deploy.Cause == "release"))
            .ToList();
        var suspects = timeline.Onset is null
            ? []
            : new Suspects(changes, releases, signals, incident.ServiceLevel).Find(byErrors: incident.Alert.Measure != "p95_ms");
        say(timeline.Onset is not { } onset ? "The service level was never broken for long."
            : timeline.IsBroken == false ? $"The service level was broken at {onset:T} and is met again."
            : $"The service level is broken since {onset:T}.");
        foreach (var suspect in suspects)
        {
            say($"Suspect {suspect.Commit.Sha} ({suspect.Commit.Title}): {suspect.Mechanism}; "
                + $"errors {Math.Round(suspect.Errors, 3):+0.0%;-0.0%;0%}, p95 {(long)suspect.Slowness:+0;-0;0} ms.");
        }

        return (timeline, suspects);
    }

    // Reverts suspects one by one, the strongest first, until the service level is met.
    private async Task<IReadOnlyList<RepairAction>> RepairAsync(ServiceLevel level, IReadOnlyList<Suspect> suspects, CancellationToken stop)
    {
        List<RepairAction> done = [];
        foreach (var suspect in suspects)
        {
            say($"Reverting {suspect.Commit.Sha} ...");
            done.Add(new RepairAction("revert", suspect.Commit.Sha));
            await client.ActAsync(done[^1], stop);
            if (await IsKeptAsync(level, stop))
            {
                say("The service level is met again.");
                return done;
            }
        }

        say("No suspect explains it: the service level is still broken.");
        return done;
    }

    private async Task<bool> IsKeptAsync(ServiceLevel level, CancellationToken stop)
    {
        // The old deployment still serves the requests in flight.
        var from = TimeProvider.System.GetUtcNow() + Pause;
        while (TimeProvider.System.GetUtcNow() < from + RepairPatience)
        {
            await Task.Delay(Pause, TimeProvider.System, stop);
            var newest = Timeline.Whole((await client.GetMetricsAsync(stop)).ByTime).Where(bucket => bucket.From >= from).ToList();
            if (newest.Count(level.IsBrokenBy) > 1)
            {
                return false;
            }

            if (newest.Count > KeptBuckets && !newest.TakeLast(KeptBuckets).Any(level.IsBrokenBy))
            {
                return true;
            }
        }

        return false;
    }

    private static Diagnosis Conclude(
        string verdict, Timeline timeline, IReadOnlyList<Suspect> suspects, IReadOnlyList<RepairAction> repair)
    {
        var (component, mechanism) = (verdict, suspects) switch
        {
            ("nothing_wrong", _) => ("alerting_rule", "alert_too_sensitive"),
            (_, [var strongest, ..]) => (strongest.Component, strongest.Mechanism),
            _ => ("request_routing", "traffic_spike"),
        };
        var commits = suspects.Select(suspect => suspect.Commit.Sha);
        var shown = suspects.SelectMany(suspect => suspect.Shown.Prepend(suspect.Commit.Id)).DefaultIfEmpty(timeline.Shown[^1].Id);
        return new Diagnosis(
            verdict, timeline.Onset, [.. commits], component, mechanism, [.. shown.Distinct().Take(MaxEvidence)], repair);
    }
}
