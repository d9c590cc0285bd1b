using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>How a run gets on, step by step.</summary>
/// <param name="Name">What happens.</param>
/// <param name="At">When it happened, UTC; null as long as it has not.</param>
/// <param name="IsBad">Whether it is not what one hopes for.</param>
public sealed record IncidentStep(string Name, DateTimeOffset? At, bool IsBad = false)
{
    private static readonly IncidentState[] Way =
        [IncidentState.Armed, IncidentState.Injected, IncidentState.Witnessed, IncidentState.Investigating, IncidentState.Recovered];

    /// <summary>For who may know: the states of the run, those that are still to come, and how it ended.</summary>
    public static IReadOnlyList<IncidentStep> ForPresenter(IReadOnlyList<StateChanged> states)
    {
        var reached = states.Where(state => state.Closed is null).ToList();
        var closed = states.FirstOrDefault(state => state.Closed is not null);
        var steps = Way.Select(state => new IncidentStep(NameOf(state), reached.LastOrDefault(changed => changed.State == state)?.At)).ToList();
        if (reached is [.., { State: not IncidentState.Recovered }])
        {
            // It had recovered, and no longer has.
            steps[^1] = steps[^1] with { At = null };
        }

        return closed is null ? steps : [.. steps.Where(step => step.At is not null), End(closed, $"{(closed.State == IncidentState.Recovered ? "closed" : NameOf(closed.State))}: {WhyClosed(closed.Closed!.Value)}")];
    }

    /// <summary>For who investigates: what the API tells, and nothing else.</summary>
    public static IReadOnlyList<IncidentStep> ForInvestigator(DateTimeOffset openedAt, AlertRaised? alert, IReadOnlyList<Acted> actions, StateChanged? closed)
    {
        List<IncidentStep> steps = [new("open", openedAt), new("alert", alert?.At), new("last action", actions is [.., var last] ? last.At : null)];
        return closed is null ? [.. steps, new("closed", null)] : [.. steps.Where(step => step.At is not null), End(closed, "closed")];
    }

    /// <summary>Why a run was closed, in a few words.</summary>
    public static string WhyClosed(CloseReason reason) => reason switch
    {
        CloseReason.Finished => "by the investigator",
        CloseReason.TimedOut => "its time was over",
        CloseReason.Cancelled => "cancelled",
        CloseReason.NotWitnessed => "nothing to investigate was measured",
        CloseReason.Restarted => "the service stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static IncidentStep End(StateChanged closed, string name) => new(name, closed.At, IsBad: closed.State is IncidentState.Invalid or IncidentState.Abandoned);

    private static string NameOf(IncidentState state) => IncidentWords.Of(state);
}
