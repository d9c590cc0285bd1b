using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Web.Incidents;

/// <summary>A run and what it came to.</summary>
/// <param name="Incident">All that is known of it.</param>
/// <param name="Score">Null while it is open, and for a run that nobody could investigate.</param>
internal sealed record IncidentFile(IncidentRecord Incident, Score? Score);
