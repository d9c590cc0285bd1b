using HdrHistogram;

namespace MockSre.Domain.Traffic;

/// <summary>Counts latencies from a microsecond to <see cref="Highest"/>, to two significant digits. Not safe for threads.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>Longer latencies count as this one.</summary>
    public static readonly TimeSpan Highest = TimeSpan.FromSeconds(120);

    private const int SignificantDigits = 2;
    private readonly LongHistogram _microseconds = new(1, (long)Highest.TotalMicroseconds, SignificantDigits);

    public long Count => _microseconds.TotalCount;

    public void Record(TimeSpan latency) =>
        _microseconds.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, (long)Highest.TotalMicroseconds));

    public void Add(LatencyHistogram other) => _microseconds.Add(other._microseconds);

    public void Clear() => _microseconds.Reset();

    public Percentiles? Percentiles() => Count == 0 ? null : new Percentiles(Milliseconds(50), Milliseconds(95), Milliseconds(99));

    private double Milliseconds(int percent)
    {
        // The library rounds the rank to the nearest whole number, which is too low for the 99th percentile of 160 values.
        var rank = NearestRank.Of(percent, Count);
        return _microseconds.GetValueAtPercentile(100.0 * rank / Count) / 1000.0;
    }
}
