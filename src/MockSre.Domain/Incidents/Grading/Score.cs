namespace MockSre.Domain.Incidents.Grading;

/// <summary>What an investigator gets for a run.</summary>
/// <param name="Total">The parts by their weights, less what further diagnoses cost; 0 to 1.</param>
/// <param name="Parts">One for each thing that is judged.</param>
/// <param name="DiagnosesGiven">How many were given.</param>
/// <param name="DetectS">From the onset to the alert, in seconds; null where nothing broke.</param>
/// <param name="DiagnoseS">From the alert to the first diagnosis, in seconds; null without one.</param>
/// <param name="RepairS">From the alert to the recovery, in seconds; null without one, and where nothing had to be repaired.</param>
/// <param name="Beside">What trivial investigators get for the same run.</param>
public sealed record Score(
    double Total,
    IReadOnlyList<ScorePart> Parts,
    int DiagnosesGiven,
    double? DetectS,
    double? DiagnoseS,
    double? RepairS,
    IReadOnlyList<TrivialScore> Beside);

/// <summary>One thing that is judged.</summary>
/// <param name="Name">What.</param>
/// <param name="Weight">Its share of the total; all of them together are 1.</param>
/// <param name="Value">0 to 1.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record ScorePart(string Name, double Weight, double Value, string Reason);

/// <summary>What a trivial investigator gets.</summary>
/// <param name="Name">Which.</param>
/// <param name="Total">0 to 1.</param>
public sealed record TrivialScore(string Name, double Total);
