using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <param name="Number">The number to roll back to, from 1.</param>
/// <param name="At">When it went out, UTC.</param>
/// <param name="Release">The release that its signals carry.</param>
/// <param name="Commits">SHAs of the commits that it shipped.</param>
/// <param name="Target">The target of the action that made it. Null for a release.</param>
/// <param name="Value">The value of the action that made it. Null unless a setting was changed.</param>
public sealed record DeployEvidence(
    int Number,
    [property: JsonConverter(typeof(MillisecondTimeConverter))] DateTimeOffset At,
    string Release,
    DeployCause Cause,
    IReadOnlyList<string> Commits,
    string? Target,
    string? Value) : EvidenceItem(EvidenceKind.Deploy, IdOf($"deploy:{Number}"));
