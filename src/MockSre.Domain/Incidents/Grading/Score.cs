namespace MockSre.Domain.Incidents.Grading;

/// <summary>The score of a run.</summary>
/// <param name="Total">The weighted parts, less the cost of further diagnoses; 0 to 1.</param>
/// <param name="DetectS">From onset to alert, in seconds; null if nothing broke.</param>
/// <param name="DiagnoseS">From alert to first diagnosis, in seconds; null without one.</param>
/// <param name="RepairS">From alert to recovery, in seconds; null without one, or if no repair was needed.</param>
/// <param name="Beside">The scores of trivial investigators for the same run.</param>
public sealed record Score(
    double Total, IReadOnlyList<ScorePart> Parts, int DiagnosesGiven, double? DetectS, double? DiagnoseS, double? RepairS,
    IReadOnlyList<TrivialScore> Beside);

/// <param name="Weight">The share of the total. All weights together are 1.</param>
/// <param name="Value">0 to 1.</param>
/// <param name="Reason">A sentence.</param>
public sealed record ScorePart(string Name, double Weight, double Value, string Reason);

/// <param name="Total">0 to 1.</param>
public sealed record TrivialScore(string Name, double Total);
