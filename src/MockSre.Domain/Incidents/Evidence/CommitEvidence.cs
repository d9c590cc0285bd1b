using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>A commit, deployed or not.</summary>
/// <param name="Sha">Seven hexadecimal digits.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Author">Name and address.</param>
/// <param name="Files">Changed files, as paths from the repository root.</param>
/// <param name="Diff">The change, in unified format.</param>
public sealed record CommitEvidence(
    string Sha,
    [property: JsonConverter(typeof(MillisecondTimeConverter))] DateTimeOffset At,
    string Author,
    string Message,
    string PullRequest,
    IReadOnlyList<string> Files,
    string Diff) : EvidenceItem(EvidenceKind.Commit, $"commit:{Sha}");
