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
            snapshot.At,
            snapshot.Since,
            current.Label,
            snapshot.InFlight,
            PoolResponse.Of(current.Pool),
            new DrainingResponse(draining.Count, draining.Sum(pool => pool.InUse)),
            FiguresResponse.Of(snapshot.Totals),
            FiguresResponse.Of(snapshot.LastMinute),
            [.. snapshot.Seconds.Select(SecondResponse.Of)]));
    }

    internal sealed record MetricsResponse(
        DateTimeOffset At, DateTimeOffset Since, string? Mode, int InFlight, PoolResponse Pool, DrainingResponse Draining,
        FiguresResponse Totals, FiguresResponse LastMinute, IReadOnlyList<SecondResponse> Seconds);

    internal sealed record PoolResponse(int InUse, int Waiting, int Limit, long Timeouts, LeaseResponse? LongestHeld)
    {
        public static PoolResponse Of(PoolStatus pool) => new(
            pool.InUse,
            pool.Waiting,
            pool.Limit,
            pool.Timeouts,
            pool.LongestHeld is { } lease ? new LeaseResponse(lease.Owner, Math.Round(lease.Held.TotalMilliseconds)) : null);
    }

    internal sealed record LeaseResponse(string Owner, double HeldMs);

    /// <param name="Pools">Pools of earlier modes that still serve requests which began in them.</param>
    /// <param name="Leases">Connections leased from those.</param>
    internal sealed record DrainingResponse(int Pools, int Leases);

    internal record FiguresResponse(
        long Count, long Errors, double? ErrorRate, double? P50Ms, double? P95Ms, double? P99Ms,
        long OkCount, double? OkP50Ms, double? OkP95Ms, double? OkP99Ms,
        double? ErrorP50Ms, double? ErrorP95Ms, double? ErrorP99Ms,
        long CacheHits, long CacheMisses, long CacheBypassed, long DbReads, long PoolTimeouts, long Cancelled)
    {
        protected FiguresResponse(TrafficFigures figures)
            : this(
                figures.Count, figures.Errors, figures.ErrorRate,
                figures.Latency?.P50Ms, figures.Latency?.P95Ms, figures.Latency?.P99Ms,
                figures.Ok, figures.OkLatency?.P50Ms, figures.OkLatency?.P95Ms, figures.OkLatency?.P99Ms,
                figures.ErrorLatency?.P50Ms, figures.ErrorLatency?.P95Ms, figures.ErrorLatency?.P99Ms,
                figures.CacheHits, figures.CacheMisses, figures.CacheBypassed,
                figures.DatabaseReads, figures.PoolTimeouts, figures.Cancelled)
        {
        }

        public static FiguresResponse Of(TrafficFigures figures) => new(figures);
    }

    internal sealed record SecondResponse : FiguresResponse
    {
        private SecondResponse(MetricsSecond second)
            : base(second.Figures)
        {
            At = second.At;
            InFlight = second.InFlight;
        }

        public DateTimeOffset At { get; }

        public int InFlight { get; }

        public static SecondResponse Of(MetricsSecond second) => new(second);
    }
}
