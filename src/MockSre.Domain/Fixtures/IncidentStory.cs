namespace MockSre.Domain.Fixtures;

/// <summary>A commit of the story, and what of the traits it explains.</summary>
/// <param name="Sha">The commit.</param>
/// <param name="Trait">The trait, for people.</param>
/// <param name="Change">What it did to it.</param>
public sealed record StoryCommit(string Sha, string Trait, string Change);

/// <summary>Incident B in four of the commits of <c>recent_commits.json</c>.</summary>
public static class IncidentStory
{
    /// <summary>The four, oldest first.</summary>
    public static IReadOnlyList<StoryCommit> Commits { get; } =
    [
        new("b71e4d8", "Cache", "on → off: every read reaches the database"),
        new("c95a017", "Query", "by index → full scan: every read takes about 2 s"),
        new("d40f3b2", "Pool limit and wait", "20 → 2 connections, 5 s → 1 s: reads queue up and give up"),
        new("e18c5a9", "Pool wait", "1 s → 2 s: a hotfix that helps nobody"),
    ];

    /// <summary>Finds a commit of the story; null for one that is none.</summary>
    public static StoryCommit? Find(string sha) => Commits.FirstOrDefault(commit => commit.Sha == sha);
}
