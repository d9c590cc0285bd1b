using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>What happened, as the investigator sees it. The form is the same for every scenario.</summary>
/// <param name="Verdict">The state of the service when the investigation began.</param>
/// <param name="Onset">When users were first worse off, UTC. Null if they never were.</param>
/// <param name="Commits">SHAs of the commits at fault.</param>
/// <param name="Component">The component at fault, a word of the diagnosis form.</param>
/// <param name="Mechanism">What is wrong with the component, a word of the diagnosis form.</param>
/// <param name="Evidence">Ids of the evidence that shows it.</param>
/// <param name="Repair">Actions that repair it, done or proposed. Empty if nothing has to be done.</param>
public sealed record Diagnosis(
    Verdict Verdict, DateTimeOffset? Onset, IReadOnlyList<string> Commits, string Component, string Mechanism,
    IReadOnlyList<string> Evidence, IReadOnlyList<RepairAction> Repair)
{
    public const int MaxCommits = 50;
    public const int MaxEvidence = EvidenceWanted.MaxCited;
    public const int MaxRepair = 20;
}

public enum RepairKind
{
    /// <summary>Deploy the code of another deploy again.</summary>
    Rollback,

    /// <summary>Take back one commit.</summary>
    Revert,

    /// <summary>Change a setting. It overrides the deployed commits.</summary>
    SetConfig,

    /// <summary>Restart the service without a change.</summary>
    Restart,
}

/// <param name="Target">The number of a deploy, the SHA of a commit or the name of a setting. Null for a restart.</param>
/// <param name="Value">The new value of the setting. Null for the other kinds.</param>
public sealed record RepairAction(RepairKind Kind, string? Target, string? Value);
