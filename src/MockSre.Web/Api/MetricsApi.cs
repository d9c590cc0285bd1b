using Microsoft.AspNetCore.Http.HttpResults;

namespace MockSre.Web.Api;

internal static class MetricsApi
{
    public static void MapMetricsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/metrics", GetMetrics)
            .WithTags("Metrics")
            .Describe("getMetrics", "Get live figures",
                $"Figures of the profile endpoint: by whole second, oldest first, for at most {LiveMetrics.WindowSeconds} seconds; "
                + $"for the last {LiveMetrics.MinuteSeconds} seconds together; and in total since the start or the last reset. "
                + "pool is the current pool. in_flight of a second is its maximum. "
                + "Latencies are measured in the service, to two significant digits. "
                + "Without requests, percentiles and error_rate are null.");

    private static Ok<MetricsResponse> GetMetrics(LiveMetrics metrics, FailureSwitch failures)
    {
        var snapshot = metrics.Snapshot();
        var current = failures.Current;
        var draining = failures.Draining;
        return TypedResults.Ok(new MetricsResponse(
            snapshot.At, snapshot.Since, current.Label, snapshot.InFlight, PoolResponse.Of(current.Pool),
            new DrainingResponse(draining.Count, draining.Sum(pool => pool.InUse)),
            new FiguresResponse(snapshot.Totals), new FiguresResponse(snapshot.LastMinute),
            [.. snapshot.Seconds.Select(second => new SecondResponse(second))]));
    }

    internal sealed record MetricsResponse(
        DateTimeOffset At, DateTimeOffset Since, string? Mode, int InFlight, PoolResponse Pool, DrainingResponse Draining,
        FiguresResponse Totals, FiguresResponse LastMinute, IReadOnlyList<SecondResponse> Seconds);

    internal sealed record PoolResponse(int InUse, int Waiting, int Limit, long Timeouts, LeaseResponse? LongestHeld)
    {
        public static PoolResponse Of(PoolStatus pool) => new(
            pool.InUse, pool.Waiting, pool.Limit, pool.Timeouts,
            pool.LongestHeld is { } lease ? new LeaseResponse(lease.Owner, Math.Round(lease.Held.TotalMilliseconds)) : null);
    }

    internal sealed record LeaseResponse(string Owner, double HeldMs);

    /// <param name="Pools">Pools of earlier modes that still serve requests which began in them.</param>
    /// <param name="Leases">Connections leased from those.</param>
    internal sealed record DrainingResponse(int Pools, int Leases);

    internal class FiguresResponse(TrafficFigures figures)
    {
        public long Count => figures.Count;
        public long Errors => figures.Errors;
        public double? ErrorRate => figures.ErrorRate;
        public double? P50Ms => figures.Latency?.P50Ms;
        public double? P95Ms => figures.Latency?.P95Ms;
        public double? P99Ms => figures.Latency?.P99Ms;
        public long OkCount => figures.Ok;
        public double? OkP50Ms => figures.OkLatency?.P50Ms;
        public double? OkP95Ms => figures.OkLatency?.P95Ms;
        public double? OkP99Ms => figures.OkLatency?.P99Ms;
        public double? ErrorP50Ms => figures.ErrorLatency?.P50Ms;
        public double? ErrorP95Ms => figures.ErrorLatency?.P95Ms;
        public double? ErrorP99Ms => figures.ErrorLatency?.P99Ms;
        public long CacheHits => figures.CacheHits;
        public long CacheMisses => figures.CacheMisses;
        public long CacheBypassed => figures.CacheBypassed;
        public long DbReads => figures.DatabaseReads;
        public long PoolTimeouts => figures.PoolTimeouts;
        public long Cancelled => figures.Cancelled;
    }

    internal sealed class SecondResponse(MetricsSecond second) : FiguresResponse(second.Figures)
    {
        public DateTimeOffset At => second.At;
        public int InFlight => second.InFlight;
    }
}
