using System.Globalization;
using MockSre.Domain.Traffic;

namespace MockSre.Checks;

/// <summary>The latencies of a series of requests.</summary>
internal sealed class Latencies(IEnumerable<TimeSpan> latencies)
{
    private readonly TimeSpan[] _sorted = [.. latencies.Order()];

    public int Count => _sorted.Length;

    public TimeSpan Least => _sorted[0];

    public TimeSpan Most => _sorted[^1];

    public TimeSpan P50 => _sorted.Percentile(50)!.Value;

    public TimeSpan P95 => _sorted.Percentile(95)!.Value;

    public TimeSpan P99 => _sorted.Percentile(99)!.Value;

    /// <summary>The range in seconds, with two digits.</summary>
    public override string ToString() => Count == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{Least.TotalSeconds:F2} to {Most.TotalSeconds:F2} s");
}
