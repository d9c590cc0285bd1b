namespace MockSre.Domain.Fixtures;

/// <summary>One commit of <c>recent_commits.json</c>.</summary>
/// <param name="Sha">Seven hexadecimal digits, as in the Sentry release.</param>
/// <param name="Timestamp">UTC.</param>
/// <param name="Author">Name and address, as git writes them.</param>
/// <param name="Message">Subject, body and trailers.</param>
/// <param name="FilesChanged">Paths from the repository root.</param>
/// <param name="FilesAdded">Changed files that are new; null for none.</param>
/// <param name="FilesDeleted">Changed files that are gone; null for none.</param>
public sealed record DeployCommit(
    string Sha, DateTimeOffset Timestamp, string Author, string Message, IReadOnlyList<string> FilesChanged,
    IReadOnlyList<string>? FilesAdded = null, IReadOnlyList<string>? FilesDeleted = null);
