using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>The open incident run, as all consoles show it.</summary>
/// <param name="EndsAt">When it closes automatically, UTC.</param>
/// <param name="States">Oldest first, like all lists here.</param>
/// <param name="Diagnoses">The number of submitted diagnoses.</param>
/// <param name="Level">The service level over the last half minute.</param>
public sealed record OpenIncident(
    IncidentRecord Incident, DateTimeOffset EndsAt, IReadOnlyList<StateChanged> States, AlertRaised? Alert,
    IReadOnlyList<Acted> Actions, int Diagnoses, LevelFigures Level)
{
    public string Id => Incident.Id;

    /// <summary>Whether actions, a diagnosis and closing are accepted.</summary>
    public bool MayInvestigate => States is [.., var last] && IncidentRun.MayInvestigate(last.State);

    /// <summary>Grows with each event except log lines, signals and figures.</summary>
    public int Milestones => MilestonesOf(Incident);

    public static OpenIncident Of(IncidentRun run, DateTimeOffset now) => new(
        run.Incident, run.Incident.StartedAt + run.MaxDuration, run.Incident.States, run.Incident.Alert, run.Incident.Actions,
        run.Incident.Diagnoses.Count, LevelFigures.Of(run.Incident.Seconds, now));

    /// <inheritdoc cref="Milestones"/>
    public static int MilestonesOf(IncidentRecord incident) =>
        incident.States.Count + incident.Deploys.Count + incident.Actions.Count + incident.Diagnoses.Count
        + (incident.Alert is null ? 0 : 1);
}

/// <summary>Figures of all requests of the last half minute. The recovery check counts fewer.</summary>
/// <param name="ErrorRate">Null without answers, as is the p95.</param>
public sealed record LevelFigures(int Count, double? ErrorRate, double? P95Ms)
{
    public static LevelFigures Of(IReadOnlyList<SecondCounted> seconds, DateTimeOffset now)
    {
        var last = seconds.Reverse().TakeWhile(second => second.At >= now - RecoveryJudge.MinTime).ToList();
        var latencies = last.SelectMany(second => second.LatenciesMs).Order().ToList();
        var count = last.Sum(second => second.Count);
        return new LevelFigures(count, count == 0 ? null : (double)last.Sum(second => second.Errors) / count, latencies.Percentile(95));
    }

    public bool Keep(ServiceLevel level) => ErrorRate <= level.ErrorRate && P95Ms <= level.P95Ms;
}
