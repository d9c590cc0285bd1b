using System.Text.Json.Serialization;
using MockSre.Domain.Faults;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>The commits that scenarios are made of.</summary>
/// <param name="Version">Of the form; 1.</param>
/// <param name="Commits">All of them.</param>
public sealed record CommitLibrary(int Version, IReadOnlyList<LibraryCommit> Commits)
{
    /// <summary>The form that is understood.</summary>
    public const int FormVersion = 1;

    /// <summary>Commits of a role, the story's own first; none for an unknown role.</summary>
    public IReadOnlyList<LibraryCommit> OfRole(string role) => [.. Commits.Where(commit => commit.Role == role)];

    /// <summary>Commits that change nothing that could be measured.</summary>
    public IReadOnlyList<LibraryCommit> Decoys => [.. Commits.Where(commit => commit.Sets.IsEmpty)];

    /// <summary>Whether commits of these roles may have been made in this order; roles that are unknown do not matter.</summary>
    public bool AllowsOrder(IEnumerable<string> roles)
    {
        var earlier = new List<LibraryCommit>();
        foreach (var role in roles)
        {
            var commits = OfRole(role);
            if (earlier.Exists(commit => commits.Any(later => later.IsBefore(commit))))
            {
                return false;
            }

            earlier.AddRange(commits);
        }

        return true;
    }
}

/// <summary>A commit that has no place and no time yet.</summary>
public sealed record LibraryCommit
{
    /// <summary>Unique.</summary>
    public required string Id { get; init; }

    /// <summary>What it does: commits of one role can stand in for each other.</summary>
    public required string Role { get; init; }

    /// <summary>Its SHA in the story; null for one that gets it from the seed.</summary>
    public string? Sha { get; init; }

    /// <summary>The id of the commit that its text names, without which it makes no sense; null for one that stands by itself.</summary>
    public string? Reverts { get; init; }

    /// <summary>Roles of commits that come later wherever both are: they change what this one's diff shows.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Roles of commits that come earlier wherever both are.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Name and address, as git writes them.</summary>
    public required string Author { get; init; }

    /// <summary>Subject, body and trailers.</summary>
    public required string Message { get; init; }

    /// <summary>What its pull request says.</summary>
    public required string PullRequest { get; init; }

    /// <summary>What it changed, as <c>git diff</c> writes it.</summary>
    public required string Diff { get; init; }

    /// <summary>What it changes in the running service.</summary>
    public required TraitSet Sets { get; init; }

    /// <summary>The files it changed, from its diff.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Files =>
    [
        .. Diff.Split('\n')
            .Where(line => line.StartsWith("+++ b/", StringComparison.Ordinal) || line.StartsWith("--- a/", StringComparison.Ordinal))
            .Select(line => line["+++ b/".Length..])
            .Distinct(),
    ];

    /// <summary>Whether it must have been made before another one.</summary>
    public bool IsBefore(LibraryCommit other) => Before.Contains(other.Role) || other.After.Contains(Role);

    /// <summary>Whether it changed a file that another one changed too.</summary>
    public bool SharesFileWith(LibraryCommit other) => Files.Intersect(other.Files).Any();
}

/// <summary>The words that a diagnosis chooses from, the same for every scenario.</summary>
/// <param name="Version">Of the form; 1.</param>
/// <param name="Components">Parts of the service, and around it.</param>
/// <param name="Mechanisms">What can be wrong with one.</param>
public sealed record Vocabulary(
    int Version,
    IReadOnlyList<string> Components,
    IReadOnlyList<string> Mechanisms)
{
    /// <summary>The form that is understood.</summary>
    public const int FormVersion = 1;

    /// <summary>Words of each kind, at the least: fewer could be guessed.</summary>
    public const int Least = 12;
}
