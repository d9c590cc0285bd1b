namespace MockSre.Domain.Incidents.Catalog;

/// <param name="Verdict">At the beginning of the investigation.</param>
/// <param name="Commits">The commits at fault; none if nothing is wrong.</param>
/// <param name="Components">The components at fault. Each of them is a right answer.</param>
/// <param name="Mechanisms">What is wrong with them. Each of them is a right answer.</param>
/// <param name="MustNotBlame">Roles of commits that look guilty but are not. Decoys need not be listed.</param>
/// <param name="Played">The measured effect of reverting each subset of <paramref name="Commits"/>, written by a tool.</param>
public sealed record AnswerKey(
    int Version,
    string Scenario,
    Verdict Verdict,
    IReadOnlyList<CommitAtFault> Commits,
    IReadOnlyList<string> Components,
    IReadOnlyList<string> Mechanisms,
    IReadOnlyList<string> CausalChain,
    EvidenceWanted Evidence,
    IReadOnlyList<string> MustNotBlame,
    IReadOnlyList<PlayedRepair> Played)
{
    /// <summary>Measured: when the service level breaks anyway, in seconds at <see cref="Pace.Real"/>. Null if no table grows.</summary>
    public double? HoldsUntilS { get; init; }

    /// <summary>The effect of reverting commits. Roles that are not at fault have no effect.</summary>
    public RepairEffect EffectOf(IReadOnlyCollection<string> takenBack)
    {
        var atFault = Commits.Select(commit => commit.Role).Where(takenBack.Contains).ToHashSet();
        return Commits.Count == 0 ? RepairEffect.Cures
            : Played.FirstOrDefault(played => atFault.SetEquals(played.TakenBack))?.Effect ?? RepairEffect.Nothing;
    }
}

public enum Verdict
{
    /// <summary>The service level is broken now.</summary>
    Ongoing,

    /// <summary>It was broken and is met again.</summary>
    Recovered,

    /// <summary>It was never broken.</summary>
    NothingWrong,
}

public sealed record CommitAtFault(string Role, IReadOnlyList<ChangedValue> Changed);

/// <param name="What">The setting, as in the library's <c>sets</c>.</param>
public sealed record ChangedValue(string What, JsonElement From, JsonElement To);

public enum RepairEffect
{
    /// <summary>The service level is met again.</summary>
    Cures,

    /// <summary>Better: no more errors, or an error rate lower by 0.1, or half the latency.</summary>
    Helps,

    Nothing,
}

/// <param name="TakenBack">Roles.</param>
/// <param name="ErrorRate">0 to 1.</param>
public sealed record PlayedRepair(IReadOnlyList<string> TakenBack, RepairEffect Effect, double ErrorRate, double P95Ms);

/// <param name="Must">Each of these must be cited.</param>
/// <param name="May">These count as relevant.</param>
public sealed record EvidenceWanted(IReadOnlyList<EvidencePredicate> Must, IReadOnlyList<EvidencePredicate> May)
{
    /// <summary>The most citations of a diagnosis, and so the most of <see cref="Must"/>.</summary>
    public const int MaxCited = 8;
}

public enum EvidenceKind
{
    Commit,
    Deploy,

    Config,

    Metrics,

    Signal,

    Log,
}

/// <summary>A condition for evidence. All given parts must hold.</summary>
public sealed record EvidencePredicate
{
    public required EvidenceKind Kind { get; init; }
    public required string Says { get; init; }

    /// <summary>A commit of this role, or a deploy that ships one.</summary>
    public string? Role { get; init; }

    public string? Fact { get; init; }

    [JsonPropertyName("is")]
    public string? Equal { get; init; }

    public string? Contains { get; init; }
    public double? Above { get; init; }
    public double? Below { get; init; }
}
