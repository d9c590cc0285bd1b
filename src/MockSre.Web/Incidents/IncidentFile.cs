using MockSre.Domain.Incidents;

namespace MockSre.Web.Incidents;

/// <summary>A run and what it came to.</summary>
/// <param name="Dossier">All that is known of it.</param>
/// <param name="Score">Null while it is open, and for a run that nobody could investigate.</param>
internal sealed record IncidentFile(Dossier Dossier, Score? Score);
