using MockSre.Domain.Traffic;

namespace MockSre.Domain.Load;

/// <summary>Where a load stands.</summary>
public enum LoadState
{
    /// <summary>Requests are being sent or awaited.</summary>
    Running,

    /// <summary>Every request has been answered.</summary>
    Completed,

    /// <summary>Stopped before its end.</summary>
    Cancelled,
}

/// <summary>A load at one moment.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="Plan">What it sends.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="EndedAt">When its last request ended, UTC; null while it runs.</param>
/// <param name="Sent">Requests begun.</param>
/// <param name="InFlight">Requests under way.</param>
/// <param name="ByStatus">Answers by HTTP status.</param>
/// <param name="NoAnswer">Requests that ended without an answer, those cancelled with the load included.</param>
/// <param name="Skipped">Requests of an open loop that were not sent because too many were under way.</param>
/// <param name="Latency">Of all answers; null without any.</param>
/// <param name="OkLatency">Of the 200s alone; null without any.</param>
public sealed record LoadReport(
    string Id,
    LoadPlan Plan,
    LoadState State,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int Sent,
    int InFlight,
    IReadOnlyDictionary<int, int> ByStatus,
    int NoAnswer,
    int Skipped,
    Percentiles? Latency,
    Percentiles? OkLatency)
{
    /// <summary>How long it has taken so far, or took in all; not by the wall clock, which can be set.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Answers that came, whatever their status.</summary>
    public int Answers => ByStatus.Values.Sum();
}
