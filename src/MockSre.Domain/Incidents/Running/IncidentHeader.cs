using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Domain.Incidents.Running;

/// <summary>A run in short, as lists show it.</summary>
/// <param name="Title">Tells the answer.</param>
/// <param name="ClosedAt">UTC. Null for an open run.</param>
/// <param name="Score">Null for an open run, and for a run that nobody could investigate.</param>
public sealed record IncidentHeader(
    string Id, string Scenario, string Title, int Seed, Pace Pace, bool IsBlind, DateTimeOffset StartedAt, IncidentState State,
    DateTimeOffset? ClosedAt, CloseReason? Closed, Score? Score)
{
    public static IncidentHeader Of(IncidentRecord incident, Score? score) => new(
        incident.Id, incident.Plan.Scenario, incident.Plan.Title, incident.Plan.Seed, incident.Plan.Pace, incident.Plan.IsBlind,
        incident.StartedAt, incident.State, incident.Closed?.At, incident.Closed?.Closed, score);
}
