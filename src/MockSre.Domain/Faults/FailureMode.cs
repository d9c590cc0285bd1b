using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <summary>A named preset of traits.</summary>
/// <param name="Name">Its name in URLs, headers, settings and tags.</param>
/// <param name="Cache">What happens to the cache, for people.</param>
/// <param name="Query">What happens to the query, for people.</param>
/// <param name="Pool">What happens to the connection pool, for people.</param>
/// <param name="ExpectedSignal">What an observer should see, for people.</param>
/// <param name="Release">
/// The commit of <c>recent_commits.json</c> whose deploy it stands for. Only that of <c>combined</c> is a point on the incident's timeline,
/// with every change up to it in force; the single faults are what-ifs.
/// </param>
/// <param name="Changes">What it changes of the configured traits.</param>
public sealed record FailureMode(
    string Name,
    string Cache,
    string Query,
    string Pool,
    string ExpectedSignal,
    string Release,
    Func<FaultTimings, TraitSet> Changes)
{
    /// <summary>What to expect in Sentry.</summary>
    public IReadOnlyList<ExpectedSignal> ExpectedSignals { get; init; } = [];

    /// <summary>What Sentry's server needs beside signals before it shows the mode.</summary>
    public IReadOnlyList<SentryRequirement> SentryRequirements { get; init; } = [];

    /// <summary>Slow queries in each transaction, as long as none has been measured.</summary>
    public double SlowQueriesPerTransaction { get; init; } = 1;

    public bool IsHealthy => this == Modes.None;

    public override string ToString() => Name;
}
