using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <summary>A named preset of traits. Cache, query, pool and expected signal are texts for the table of modes.</summary>
/// <param name="Name">In URLs, headers, settings and tags.</param>
/// <param name="Release">
/// A commit of <c>recent_commits.json</c>. Only <c>combined</c> has the changes of all commits up to its release; the other modes have a
/// part of them.
/// </param>
public sealed record FailureMode(
    string Name, string Cache, string Query, string Pool, string ExpectedSignal, string Release, Func<FaultTimings, TraitSet> Changes)
{
    public IReadOnlyList<ExpectedSignal> ExpectedSignals { get; init; } = [];
    public IReadOnlyList<SentryRequirement> SentryRequirements { get; init; } = [];

    /// <summary>An estimate of slow queries per transaction, used until some are counted.</summary>
    public double SlowQueriesPerTransaction { get; init; } = 1;

    public bool IsHealthy => this == Modes.None;

    public override string ToString() => Name;
}
