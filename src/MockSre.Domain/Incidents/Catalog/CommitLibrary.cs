using MockSre.Domain.Faults;

namespace MockSre.Domain.Incidents.Catalog;

public sealed record CommitLibrary(int Version, IReadOnlyList<LibraryCommit> Commits)
{
    /// <summary>Commits of a role, that of Incident B first. Empty for an unknown role.</summary>
    public IReadOnlyList<LibraryCommit> OfRole(string role) => [.. Commits.Where(commit => commit.Role == role)];

    /// <summary>Commits without a measurable effect.</summary>
    public IReadOnlyList<LibraryCommit> Decoys => [.. Commits.Where(commit => commit.Sets.IsEmpty)];

    /// <summary>Whether commits of these roles can follow each other in this order. Unknown roles are ignored.</summary>
    public bool AllowsOrder(IEnumerable<string> roles)
    {
        var commits = roles.SelectMany(OfRole).ToList();
        return !commits.Where((later, i) => commits.Take(i).Any(later.IsBefore)).Any();
    }
}

/// <summary>A commit that is not yet part of a plan.</summary>
public sealed record LibraryCommit
{
    public required string Id { get; init; }

    /// <summary>Commits of one role are interchangeable.</summary>
    public required string Role { get; init; }

    /// <summary>The SHA in Incident B; null for a SHA from the seed.</summary>
    public string? Sha { get; init; }

    /// <summary>The id of the commit that this one reverts; null for none.</summary>
    public string? Reverts { get; init; }

    /// <summary>Roles of commits that must come later, because they change lines of this one's diff.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Roles of commits that must come earlier.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    public required string Author { get; init; }
    public required string Message { get; init; }
    public required string PullRequest { get; init; }
    public required string Diff { get; init; }
    public required TraitSet Sets { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> Files =>
    [
        .. Diff.Split('\n')
            .Where(line => line.StartsWith("+++ b/", StringComparison.Ordinal) || line.StartsWith("--- a/", StringComparison.Ordinal))
            .Select(line => line["+++ b/".Length..])
            .Distinct(),
    ];

    public bool IsBefore(LibraryCommit other) => Before.Contains(other.Role) || other.After.Contains(Role);

    public bool SharesFileWith(LibraryCommit other) => Files.Intersect(other.Files).Any();
}

/// <summary>The words of a diagnosis, the same for every scenario.</summary>
public sealed record Vocabulary(int Version, IReadOnlyList<string> Components, IReadOnlyList<string> Mechanisms)
{
    /// <summary>The least words of each kind. Fewer could be guessed.</summary>
    public const int Least = 12;
}
