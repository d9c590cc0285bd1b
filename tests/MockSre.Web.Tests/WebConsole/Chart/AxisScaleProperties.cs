using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.Tests.WebConsole.Chart;

[Properties(Arbitrary = [typeof(Latencies)], MaxTest = 500)]
public class AxisScaleProperties
{
    [Property]
    public bool AnyLatency_TheAxis_HoldsIt(double ms) => AxisScale.For(ms).MaxMs >= ms - 1e-6;

    [Property]
    public bool AnyLatency_TheAxis_WastesNoMoreThanHalf(double ms) => AxisScale.For(ms).MaxMs <= Math.Max(AxisScale.LeastMs, ms * 2) + 1e-6;

    [Property]
    public void AnyLatency_ItsMarks_AreFiveAtRoundNumbers(double ms)
    {
        var axis = AxisScale.For(ms);

        Assert.Equal(5, axis.TicksMs.Count);
        Assert.Equal((0, axis.MaxMs), (axis.TicksMs[0], axis.TicksMs[^1]));
        var step = axis.TicksMs[1];
        var digits = step / Math.Pow(10, Math.Floor(Math.Log10(step)));
        Assert.Contains(new[] { 1, 2, 2.5, 5 }, round => Math.Abs(round - digits) < 1e-9);
        Assert.All(axis.TicksMs.Select((mark, number) => (mark, number)), tick => Assert.Equal(tick.number * step, tick.mark, 6));
    }

    [Property]
    public bool AnyLatencyAndLower_Shares_KeepTheirOrder(double ms)
    {
        var axis = AxisScale.For(ms);
        return axis.Share(ms / 2) <= axis.Share(ms) && axis.Share(ms) <= 1;
    }

    internal static class Latencies
    {
        // Up to two minutes, the longest latency that is counted, evenly over the orders of magnitude. Axes end at round values, so half of
        // the latencies are round.
        public static Arbitrary<double> Any() => Arb.From(Gen.OneOf(
            Gen.Choose(-3_000, 5_079).Select(exponent => Math.Pow(10, exponent / 1000.0)),
            Gen.Choose(0, 1_200).Select(hundreds => hundreds * 100.0)));
    }
}
