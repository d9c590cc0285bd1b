using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>What an investigator says happened. The form is the same for every scenario.</summary>
/// <param name="Verdict">What was going on when the investigation began.</param>
/// <param name="Onset">Since when users were worse off, UTC; null where they never were.</param>
/// <param name="Commits">SHAs of the commits at fault.</param>
/// <param name="Component">The component at fault, a word of the diagnosis form.</param>
/// <param name="Mechanism">What is wrong with the component, a word of the diagnosis form.</param>
/// <param name="Evidence">Ids of the evidence that shows it.</param>
/// <param name="Repair">Actions that repair it, done or proposed. Empty if nothing has to be done.</param>
public sealed record Diagnosis(
    Verdict Verdict,
    DateTimeOffset? Onset,
    IReadOnlyList<string> Commits,
    string Component,
    string Mechanism,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<RepairAction> Repair)
{
    /// <summary>The most commits in one diagnosis.</summary>
    public const int MaxCommits = 50;

    /// <summary>The most pieces of evidence in one diagnosis.</summary>
    public const int MaxEvidence = 8;

    /// <summary>The most actions in one diagnosis.</summary>
    public const int MaxRepair = 20;
}

/// <summary>What an investigator can do.</summary>
public enum RepairKind
{
    /// <summary>Take the code back, or forward, to that of a deploy.</summary>
    Rollback,

    /// <summary>Take back one commit.</summary>
    Revert,

    /// <summary>Change a setting, whatever is deployed.</summary>
    SetConfig,

    /// <summary>Start the service anew, as it is.</summary>
    Restart,
}

/// <summary>Something an investigator does.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">The deploy's number, the commit's SHA or the setting's name; null for a restart.</param>
/// <param name="Value">The setting's value; null otherwise.</param>
public sealed record RepairAction(RepairKind Kind, string? Target, string? Value);

/// <summary>Something asked of a run that it does not do.</summary>
/// <param name="kind">Of which kind the reason is.</param>
/// <param name="title">In a few words.</param>
/// <param name="detail">In a sentence.</param>
public sealed class IncidentRefusedException(RefusalKind kind, string title, string detail) : Exception(detail)
{
    /// <summary>Of which kind the reason is.</summary>
    public RefusalKind Kind => kind;

    /// <summary>The reason in a few words.</summary>
    public string Title => title;
}

/// <summary>Why something is refused.</summary>
public enum RefusalKind
{
    /// <summary>It cannot be understood.</summary>
    Invalid,

    /// <summary>Not now.</summary>
    NotNow,

    /// <summary>Not yet, but soon.</summary>
    TooEarly,
}
