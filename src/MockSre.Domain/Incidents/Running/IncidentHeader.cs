using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Domain.Incidents.Running;

/// <summary>A run in short.</summary>
/// <param name="Id">Its id, which nobody can guess.</param>
/// <param name="Scenario">Its scenario.</param>
/// <param name="Title">What that is, for people who may know.</param>
/// <param name="Seed">What chance began with.</param>
/// <param name="Pace">How fast it is played.</param>
/// <param name="IsBlind">Whether the answer is hidden.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ClosedAt">When it was closed, UTC; null while it is open.</param>
/// <param name="Closed">Why; null while it is open.</param>
/// <param name="Score">What whoever investigated gets; null while it is open, and for a run that nobody could investigate.</param>
public sealed record IncidentHeader(
    string Id,
    string Scenario,
    string Title,
    int Seed,
    Pace Pace,
    bool IsBlind,
    DateTimeOffset StartedAt,
    IncidentState State,
    DateTimeOffset? ClosedAt,
    CloseReason? Closed,
    Score? Score)
{
    /// <summary>A run in short.</summary>
    public static IncidentHeader Of(IncidentRecord incident, Score? score) => new(
        incident.Id,
        incident.Plan.Scenario,
        incident.Plan.Title,
        incident.Plan.Seed,
        incident.Plan.Pace,
        incident.Plan.IsBlind,
        incident.StartedAt,
        incident.State,
        incident.Closed?.At,
        incident.Closed?.Closed,
        score);
}
