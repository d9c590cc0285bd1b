namespace MockSre.Domain.Incidents;

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
    public static IncidentHeader Of(Dossier dossier, Score? score) => new(
        dossier.Id,
        dossier.Plan.Scenario,
        dossier.Plan.Title,
        dossier.Plan.Seed,
        dossier.Plan.Pace,
        dossier.Plan.IsBlind,
        dossier.StartedAt,
        dossier.State,
        dossier.Closed?.At,
        dossier.Closed?.Closed,
        score);
}
