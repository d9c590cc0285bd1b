using MockSre.Domain.Traffic;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.Tests.WebConsole.Chart;

public class SvgPathTests
{
    [Fact]
    public void Line_NoHeights_IsEmpty() => Assert.Equal(new ChartLine("", ""), Line(null, null));

    [Fact]
    public void Line_Neighbours_AreJoinedThroughTheirMiddles() => Assert.Equal(new ChartLine("M0.5 90L1.5 80", ""), Line(10, 20));

    [Fact]
    public void Line_AGap_PartsIt() => Assert.Equal(new ChartLine("M0.5 90L1.5 90M3.5 80L4.5 80", ""), Line(10, 10, null, 20, 20));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Line_ASecondWithoutNeighbours_IsADotWhereverItStands(int column)
    {
        double?[] heights = [null, null, null];
        heights[column] = 25;

        Assert.Equal(new ChartLine("", $"M{column}.5 75h0"), Line(heights));
    }

    [Fact]
    public void Line_ASecondThatIsMissing_IsAGapAsWell()
    {
        MetricsSecond?[] seconds = [Seconds.Of(0, 1), null, Seconds.Of(2, 1)];

        Assert.Equal(new ChartLine("", "M0.5 50h0M2.5 50h0"), SvgPath.Line(seconds, _ => 50));
    }

    [Fact]
    public void Line_AZero_IsNoGap() => Assert.Equal(new ChartLine("M0.5 100L1.5 100", ""), Line(0, 0));

    [Fact]
    public void Bars_Heights_StandOnTheFootAndZeroIsNone()
    {
        MetricsSecond?[] seconds = [Seconds.Of(0, 4, errors: 1), Seconds.Of(1, 4), null, Seconds.Of(3, 3, errors: 1)];

        Assert.Equal("M0.1 100v-25h.8v25zM3.1 100v-33.33h.8v33.33z", SvgPath.Bars(seconds, second => second.Figures.ErrorRate * 100));
    }

    private static ChartLine Line(params double?[] heights)
    {
        var seconds = heights.Select((_, number) => (MetricsSecond?)Seconds.Of(number, 1)).ToArray();
        return SvgPath.Line(seconds, second => heights[(int)(second.At - Seconds.Start).TotalSeconds]);
    }
}
