using MockSre.Domain.Profiles;

namespace MockSre.Domain.Traffic;

/// <summary>Latencies in milliseconds that 50, 95 and 99 of 100 requests did not exceed, to two significant digits.</summary>
public sealed record Percentiles(double P50Ms, double P95Ms, double P99Ms);

/// <param name="Errors">Answers with a status from 500.</param>
/// <param name="Cancelled">Requests whose client left before the answer; not in <paramref name="Count"/>.</param>
/// <param name="DatabaseReads">Profile reads that reached the database.</param>
/// <param name="Latency">Of all answers; null without any, as the next two.</param>
public sealed record TrafficFigures(
    long Count, long Errors, long Ok, long Cancelled, long CacheHits, long CacheMisses, long CacheBypassed, long DatabaseReads,
    long PoolTimeouts, Percentiles? Latency, Percentiles? OkLatency, Percentiles? ErrorLatency)
{
    /// <summary>Share of errors among the answers, 0 to 1; null without answers.</summary>
    public double? ErrorRate => Count == 0 ? null : (double)Errors / Count;

    /// <summary>Share of the profile reads that the cache answered, 0 to 1; null without any.</summary>
    public double? CacheHitRate => CacheHits + CacheMisses + CacheBypassed is var reads and > 0 ? (double)CacheHits / reads : null;
}

/// <param name="At">The beginning of the second, UTC.</param>
/// <param name="InFlight">The most requests in flight at once.</param>
public sealed record MetricsSecond(DateTimeOffset At, TrafficFigures Figures, int InFlight);

/// <param name="At">The end of the request, UTC.</param>
public sealed record RecentRequest(DateTimeOffset At, RequestSample Sample);

/// <param name="Since">The start of the service or the last reset, UTC.</param>
/// <param name="Seconds">The whole seconds since then, oldest first, at most <see cref="LiveMetrics.WindowSeconds"/>.</param>
/// <param name="Totals">Everything since then, the second under way included.</param>
public sealed record MetricsSnapshot(
    DateTimeOffset At, DateTimeOffset Since, int InFlight, IReadOnlyList<MetricsSecond> Seconds, TrafficFigures LastMinute,
    TrafficFigures LastTenSeconds, TrafficFigures Totals, IReadOnlyList<RecentRequest> Recent);
