using System.Text.Json;
using System.Text.Json.Serialization;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>What the right answer to a scenario is, from a file of its own.</summary>
/// <param name="Version">Of the form; 1.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Verdict">What is going on when the investigation begins.</param>
/// <param name="Commits">The commits at fault; none where nothing is wrong.</param>
/// <param name="Components">The component at fault; where two answers are right, both.</param>
/// <param name="Mechanisms">What is wrong with it; where two answers are right, both.</param>
/// <param name="CausalChain">From the first cause to what users see, a sentence each.</param>
/// <param name="Evidence">What must, and what may, be cited.</param>
/// <param name="MustNotBlame">Roles of commits that look like it and are not; decoys need not be named.</param>
/// <param name="Played">What taking back each subset of <paramref name="Commits"/> does, as it was played; written by a test, never by hand.</param>
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
    /// <summary>The form that is understood.</summary>
    public const int FormVersion = 1;

    /// <summary>Until when the service level holds whatever is deployed, in seconds from the start at the pace <see cref="Pace.Real"/>, as it was played; null where no table grows.</summary>
    public double? HoldsUntilS { get; init; }

    /// <summary>What taking back some of the commits at fault does; nothing, where it was not played.</summary>
    /// <param name="takenBack">Their roles.</param>
    public RepairEffect EffectOf(IReadOnlyCollection<string> takenBack)
    {
        var atFault = Commits.Select(commit => commit.Role).Where(takenBack.Contains).ToHashSet();
        return Commits.Count == 0 ? RepairEffect.Cures : Played.FirstOrDefault(played => atFault.SetEquals(played.TakenBack))?.Effect ?? RepairEffect.Nothing;
    }
}

/// <summary>What is going on.</summary>
public enum Verdict
{
    /// <summary>The service level is broken now.</summary>
    Ongoing,

    /// <summary>It was, and is kept again.</summary>
    Recovered,

    /// <summary>It was never broken.</summary>
    NothingWrong,
}

/// <summary>A commit at fault.</summary>
/// <param name="Role">Its role in the library of commits.</param>
/// <param name="Changed">What it changed.</param>
public sealed record CommitAtFault(string Role, IReadOnlyList<ChangedValue> Changed);

/// <summary>One thing that a commit changed.</summary>
/// <param name="What">Its name, as in the library's <c>sets</c>.</param>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
public sealed record ChangedValue(string What, JsonElement From, JsonElement To);

/// <summary>What taking back commits does.</summary>
public enum RepairEffect
{
    /// <summary>The service level is kept again.</summary>
    Cures,

    /// <summary>It is broken less: no errors any more, or fewer of them by a tenth of all requests, or half the latency.</summary>
    Helps,

    /// <summary>It is broken as before.</summary>
    Nothing,
}

/// <summary>What taking back commits at fault does, as it was played.</summary>
/// <param name="TakenBack">Their roles.</param>
/// <param name="Effect">What it does.</param>
/// <param name="ErrorRate">The share of errors then, 0 to 1.</param>
/// <param name="P95Ms">The latency that 95 of 100 requests did not exceed then, in milliseconds.</param>
public sealed record PlayedRepair(IReadOnlyList<string> TakenBack, RepairEffect Effect, double ErrorRate, double P95Ms);

/// <summary>The evidence that a diagnosis should cite, by its facts and not by its id.</summary>
/// <param name="Must">Each of these must be cited.</param>
/// <param name="May">These may be cited: they count as relevant.</param>
public sealed record EvidenceWanted(IReadOnlyList<EvidencePredicate> Must, IReadOnlyList<EvidencePredicate> May)
{
    /// <summary>The most pieces of evidence that a diagnosis can cite, and thus that a key can ask for.</summary>
    public const int MaxCited = 8;
}

/// <summary>The kinds of evidence.</summary>
public enum EvidenceKind
{
    /// <summary>A commit.</summary>
    Commit,

    /// <summary>A deploy.</summary>
    Deploy,

    /// <summary>A setting.</summary>
    Config,

    /// <summary>Figures of a release, or of some seconds.</summary>
    Metrics,

    /// <summary>An issue, an error or a transaction.</summary>
    Signal,

    /// <summary>A line of the log.</summary>
    Log,
}

/// <summary>A condition for evidence to count. All its parts that are given must hold.</summary>
public sealed record EvidencePredicate
{
    public required EvidenceKind Kind { get; init; }

    /// <summary>What the evidence shows, in words.</summary>
    public required string Says { get; init; }

    /// <summary>The evidence is a commit of this role, or a deploy that ships one.</summary>
    public string? Role { get; init; }

    /// <summary>The evidence has a fact of this name.</summary>
    public string? Fact { get; init; }

    /// <summary>The fact equals this text.</summary>
    [JsonPropertyName("is")]
    public string? Equal { get; init; }

    /// <summary>The fact contains this text.</summary>
    public string? Contains { get; init; }

    /// <summary>The fact is a number above this.</summary>
    public double? Above { get; init; }

    /// <summary>The fact is a number below this.</summary>
    public double? Below { get; init; }
}
