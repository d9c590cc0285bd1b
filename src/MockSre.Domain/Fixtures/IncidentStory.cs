namespace MockSre.Domain.Fixtures;

public sealed record StoryCommit(string Sha, string Trait, string Change);

/// <summary>The commits of <c>recent_commits.json</c> that caused incident B.</summary>
public static class IncidentStory
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<StoryCommit> Commits { get; } =
    [
        new("b71e4d8", "Cache", "on → off: every read reaches the database"),
        new("c95a017", "Query", "by index → full scan: every read takes about 2 s"),
        new("d40f3b2", "Pool limit and wait", "20 → 2 connections, 5 s → 1 s: reads queue up and give up"),
        new("e18c5a9", "Pool wait", "1 s → 2 s: a hotfix that helps nobody"),
    ];

    public static StoryCommit? Find(string sha) => Commits.FirstOrDefault(commit => commit.Sha == sha);
}
