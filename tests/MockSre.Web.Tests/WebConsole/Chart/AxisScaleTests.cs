using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.Tests.WebConsole.Chart;

public class AxisScaleTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(5, 100)]
    [InlineData(100, 100)]
    [InlineData(101, 200)]
    [InlineData(399, 400)]
    [InlineData(401, 800)]
    [InlineData(1000, 1000)]
    [InlineData(2100, 4000)]
    [InlineData(4001, 8000)]
    [InlineData(120_000, 200_000)]
    public void For_ALatency_IsTheShortestRoundAxisThatHoldsIt(double ms, double max) => Assert.Equal(max, AxisScale.For(ms).MaxMs, 6);

    [Fact]
    public void Ticks_OfAnAxis_GoFromZeroToItsEnd() => Assert.Equal([0, 250, 500, 750, 1000], AxisScale.For(900).TicksMs);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(50, 0.5)]
    [InlineData(100, 1)]
    [InlineData(101, 1)]
    public void Share_WithinAndBeyondTheAxis_StaysWithinThePane(double ms, double share) => Assert.Equal(share, AxisScale.For(0).Share(ms));
}
