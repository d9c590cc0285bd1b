using MockSre.Domain.Incidents.Grading;

namespace MockSre.Web.Incidents;

/// <summary>A run with its score.</summary>
/// <param name="Score">Null for an open run, and for a run that nobody could investigate.</param>
internal sealed record IncidentFile(IncidentRecord Incident, Score? Score);
