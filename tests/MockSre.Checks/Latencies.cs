using System.Globalization;

namespace MockSre.Checks;

/// <summary>What a series of requests took.</summary>
internal sealed class Latencies(IEnumerable<TimeSpan> latencies)
{
    private readonly TimeSpan[] _sorted = [.. latencies.Order()];

    public int Count => _sorted.Length;

    public TimeSpan Least => _sorted[0];

    public TimeSpan Most => _sorted[^1];

    public TimeSpan P50 => Percentile(50);

    public TimeSpan P95 => Percentile(95);

    public TimeSpan P99 => Percentile(99);

    /// <summary>Seconds to two digits, as people time requests.</summary>
    public override string ToString() => Count == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{Least.TotalSeconds:F2} to {Most.TotalSeconds:F2} s");

    // The nearest rank: always a latency that was seen.
    private TimeSpan Percentile(int percentile) => _sorted[(int)Math.Ceiling(_sorted.Length * percentile / 100.0) - 1];
}
