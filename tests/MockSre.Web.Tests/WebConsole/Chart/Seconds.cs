using MockSre.Domain.Traffic;

namespace MockSre.Web.Tests.WebConsole.Chart;

/// <summary>Makes seconds of live figures.</summary>
internal static class Seconds
{
    public static readonly DateTimeOffset Start = new(2026, 3, 12, 10, 0, 0, TimeSpan.Zero);

    /// <param name="number">Seconds from the start.</param>
    /// <param name="count">The number of answers.</param>
    public static MetricsSecond Of(
        int number, long count, long errors = 0, double? okP95Ms = null, double? errorP95Ms = null, int inFlight = 0) => new(
        Start.AddSeconds(number),
        new TrafficFigures(count, errors, count - errors, 0, 0, 0, 0, 0, 0, null, Latency(okP95Ms), Latency(errorP95Ms)),
        inFlight);

    public static MetricsSnapshot Snapshot(DateTimeOffset at, params MetricsSecond[] seconds)
    {
        var none = Of(0, 0).Figures;
        return new MetricsSnapshot(at, Start, 0, seconds, none, none, none, []);
    }

    private static Percentiles? Latency(double? p95Ms) => p95Ms is { } ms ? new Percentiles(ms / 2, ms, ms) : null;
}
