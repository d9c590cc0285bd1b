using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Traffic;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>The run that is open, as all consoles show it.</summary>
/// <param name="Incident">All that is known of it; evidence is made of it when somebody looks at it.</param>
/// <param name="EndsAt">When it is closed at the latest, UTC.</param>
/// <param name="States">Every state it was in, oldest first.</param>
/// <param name="Alert">The alert; null as long as it has not rung.</param>
/// <param name="Deploys">Every deploy, oldest first.</param>
/// <param name="Actions">What was done, oldest first.</param>
/// <param name="Diagnoses">How many diagnoses were given.</param>
/// <param name="Level">How the service level fared in the last half minute.</param>
public sealed record OpenIncident(
    IncidentRecord Incident,
    DateTimeOffset EndsAt,
    IReadOnlyList<StateChanged> States,
    AlertRaised? Alert,
    IReadOnlyList<Deployed> Deploys,
    IReadOnlyList<Acted> Actions,
    int Diagnoses,
    LevelFigures Level)
{
    /// <summary>The run's id.</summary>
    public string Id => Incident.Id;

    /// <summary>Whether actions, a diagnosis and the close are taken.</summary>
    public bool MayInvestigate => States is [.., var last] && IncidentRun.MayInvestigate(last.State);

    /// <summary>Another number after each event but lines, signals and figures.</summary>
    public int Milestones => MilestonesOf(Incident);

    /// <summary>Takes down how a run stands.</summary>
    public static OpenIncident Of(IncidentRun run, DateTimeOffset now) => new(
        run.Incident,
        run.Incident.StartedAt + run.MaxDuration,
        run.Incident.States,
        run.Incident.Alert,
        run.Incident.Deploys,
        run.Incident.Actions,
        run.Incident.Diagnoses.Count,
        LevelFigures.Of(run.Incident.Seconds, now));

    /// <inheritdoc cref="Milestones"/>
    public static int MilestonesOf(IncidentRecord incident) =>
        incident.States.Count + incident.Deploys.Count + incident.Actions.Count + incident.Diagnoses.Count + (incident.Alert is null ? 0 : 1);
}

/// <summary>Figures of all requests of the last half minute, also of those that a recovery is not judged by.</summary>
/// <param name="Count">Answers.</param>
/// <param name="ErrorRate">The share of errors; null without answers.</param>
/// <param name="P95Ms">The latency that 95 of 100 did not exceed; null without answers.</param>
public sealed record LevelFigures(int Count, double? ErrorRate, double? P95Ms)
{
    /// <summary>Adds up the last seconds.</summary>
    public static LevelFigures Of(IReadOnlyList<SecondCounted> seconds, DateTimeOffset now)
    {
        var last = seconds.Reverse().TakeWhile(second => second.At >= now - RecoveryJudge.MinTime).ToList();
        var latencies = last.SelectMany(second => second.LatenciesMs).Order().ToList();
        var count = last.Sum(second => second.Count);
        return new LevelFigures(
            count,
            count == 0 ? null : (double)last.Sum(second => second.Errors) / count,
            latencies.Percentile(95));
    }

    /// <summary>Whether they keep a service level.</summary>
    public bool Keep(ServiceLevel level) => ErrorRate <= level.ErrorRate && P95Ms <= level.P95Ms;
}
