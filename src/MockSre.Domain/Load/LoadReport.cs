using MockSre.Domain.Traffic;

namespace MockSre.Domain.Load;

public enum LoadState
{
    Running,

    Completed,

    Cancelled,
}

/// <param name="EndedAt">When the last request ended, UTC; null while the load runs.</param>
/// <param name="NoAnswer">Requests that ended without an answer, including those that were cancelled with the load.</param>
/// <param name="Skipped">Requests of an open loop that were not sent because too many were in flight.</param>
public sealed record LoadReport(
    string Id, LoadPlan Plan, LoadState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Sent, int InFlight,
    IReadOnlyDictionary<int, int> ByStatus, int NoAnswer, int Skipped, Percentiles? Latency, Percentiles? OkLatency)
{
    /// <summary>The time since the start, or from start to end, by the monotonic clock.</summary>
    public TimeSpan Took { get; init; }

    public int Answers => ByStatus.Values.Sum();
}
