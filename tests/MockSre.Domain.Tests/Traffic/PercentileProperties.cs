using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;

namespace MockSre.Domain.Tests.Traffic;

public sealed class PercentileProperties
{
    [Property(MaxTest = 300, Arbitrary = [typeof(Samples)])]
    internal void AnySamples_Percentiles_AreTheExactOnesWithinOnePercent(RequestSample[] samples)
    {
        var time = new FakeTimeProvider();
        var metrics = new LiveMetrics(time);
        foreach (var sample in samples)
        {
            metrics.End(metrics.Begin(), sample);
            time.Advance(TimeSpan.FromMilliseconds(137));
        }

        time.Advance(TimeSpan.FromSeconds(1));
        var minute = metrics.Snapshot().LastMinute;
        Assert.Equal(samples.Length, minute.Count);
        AssertExact(samples, minute.Latency);
        AssertExact([.. samples.Where(sample => sample.IsOk)], minute.OkLatency);
    }

    private static void AssertExact(RequestSample[] samples, Percentiles? actual)
    {
        if (samples.Length == 0)
        {
            Assert.Null(actual);
            return;
        }

        var sorted = samples.Select(sample => sample.Latency.TotalMilliseconds).Order().ToArray();
        Assert.NotNull(actual);
        AssertClose(50, actual.P50Ms);
        AssertClose(95, actual.P95Ms);
        AssertClose(99, actual.P99Ms);

        // Compares with the exact percentile by nearest rank.
        void AssertClose(int percent, double ms)
        {
            var exact = sorted[((percent * sorted.Length) + 99) / 100 - 1];
            Assert.True(Math.Abs(ms - exact) <= exact / 100, $"p{percent} of {sorted.Length}: {ms} instead of {exact}");
        }
    }

    internal static class Samples
    {
        // Up to 300 samples fit into the minute. Latencies are from a microsecond to two minutes, evenly over the orders of magnitude.
        public static Arbitrary<RequestSample[]> Any() => Arb.From(
            from count in Gen.Choose(1, 300)
            from samples in Gen.ArrayOf(
                from exponent in Gen.Choose(0, 8_079)
                from status in Gen.Elements(200, 500)
                select new RequestSample(status, TimeSpan.FromMicroseconds(Math.Floor(Math.Pow(10, exponent / 1000.0))), null, 0),
                count)
            select samples);
    }
}
