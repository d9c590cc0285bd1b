using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>A step of a run.</summary>
/// <param name="At">When it happened, UTC. Null before that.</param>
/// <param name="IsBad">Whether the run ended without a valid investigation.</param>
public sealed record IncidentStep(string Name, DateTimeOffset? At, bool IsBad = false)
{
    private static readonly IncidentState[] Way =
        [IncidentState.Armed, IncidentState.Injected, IncidentState.Witnessed, IncidentState.Investigating, IncidentState.Recovered];

    /// <summary>For presenters: the states of the run, the states to come, and how it ended.</summary>
    public static IReadOnlyList<IncidentStep> ForPresenter(IReadOnlyList<StateChanged> states)
    {
        var reached = states.Where(state => state.Closed is null).ToList();
        var closed = states.FirstOrDefault(state => state.Closed is not null);
        var steps = Way
            .Select(state => new IncidentStep(NameOf(state), reached.LastOrDefault(changed => changed.State == state)?.At))
            .ToList();
        if (reached is [.., { State: not IncidentState.Recovered }])
        {
            // An earlier recovery no longer holds.
            steps[^1] = steps[^1] with { At = null };
        }

        if (closed is null)
        {
            return steps;
        }

        var end = closed.State == IncidentState.Recovered ? "closed" : NameOf(closed.State);
        return [.. steps.Where(step => step.At is not null), End(closed, $"{end}: {WhyClosed(closed.Closed!.Value)}")];
    }

    /// <summary>For investigators: only what the investigation API tells.</summary>
    public static IReadOnlyList<IncidentStep> ForInvestigator(
        DateTimeOffset openedAt, AlertRaised? alert, IReadOnlyList<Acted> actions, StateChanged? closed)
    {
        List<IncidentStep> steps =
            [new("open", openedAt), new("alert", alert?.At), new("last action", actions is [.., var last] ? last.At : null)];
        return closed is null ? [.. steps, new("closed", null)] : [.. steps.Where(step => step.At is not null), End(closed, "closed")];
    }

    public static string WhyClosed(CloseReason reason) => reason switch
    {
        CloseReason.Finished => "by the investigator",
        CloseReason.TimedOut => "timed out",
        CloseReason.Cancelled => "cancelled",
        CloseReason.NotWitnessed => "the impact was not measured",
        CloseReason.Restarted => "the service stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static IncidentStep End(StateChanged closed, string name) =>
        new(name, closed.At, IsBad: closed.State is IncidentState.Invalid or IncidentState.Abandoned);

    private static string NameOf(IncidentState state) => state switch
    {
        IncidentState.Armed => "healthy",
        IncidentState.Injected => "fault deployed",
        IncidentState.Witnessed => "impact confirmed",
        _ => IncidentWords.Of(state),
    };
}
