using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using MockSre.Domain.Traffic;
using MockSre.Web.Tests.WebConsole.Chart;
using MockSre.Web.WebConsole.Chart;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

/// <summary>Reading the chart second by second, with keys and with a pointer.</summary>
public class LiveChartReadoutTests : ComponentTest
{
    private const string Newest =
        "10:01:59 UTC: requests 4, success p50 25 ms, success p95 50 ms, failure p95 –, error rate 25 %, in flight 0";

    private static readonly MetricsSecond Second = Seconds.Of(119, 4, errors: 1, okP95Ms: 50);

    [Fact]
    public void Untouched_NoSecond_IsReadOut()
    {
        var chart = Show();

        Assert.Equal("", Spoken(chart));
        Assert.Empty(chart.FindAll(".readout, .cursor"));
    }

    [Theory]
    [InlineData("ArrowLeft")]
    [InlineData("ArrowRight")]
    public void FirstArrow_EitherWay_ReadsTheNewestSecond(string key)
    {
        var chart = Show();

        Press(chart, key);

        Assert.Equal(Newest, Spoken(chart));
        Assert.Equal("left: 99.583%", chart.Find(".cursor").GetAttribute("style"));
        Assert.Equal(
            ["10:01:59 UTC", "requests", "success p50", "success p95", "failure p95", "error rate", "in flight"],
            chart.FindAll(".readout dt").Select(name => name.TextContent));
    }

    [Fact]
    public void Arrows_ThereAndBack_MoveByOneSecond()
    {
        var chart = Show();

        Press(chart, "ArrowLeft", "ArrowLeft", "ArrowLeft");
        Assert.Equal("10:01:57 UTC: no requests ", Spoken(chart));

        Press(chart, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
        Assert.Equal(Newest, Spoken(chart));
    }

    [Fact]
    public void ArrowLeft_BeyondTheOldest_StaysThere()
    {
        var chart = Show();

        Press(chart, [.. Enumerable.Repeat("ArrowLeft", ChartFrame.Columns + 5)]);

        Assert.StartsWith("10:00:00 UTC", Spoken(chart), StringComparison.Ordinal);
    }

    [Fact]
    public void NewSeconds_WhileOneIsRead_AreNotSpoken()
    {
        var chart = Show();
        Press(chart, "ArrowLeft");
        var before = Spoken(chart);

        Tell(chart, 121);

        Assert.Equal(before, Spoken(chart));
        Assert.Equal("10:02:00 UTC", chart.Find(".readout dt").TextContent);
    }

    [Fact]
    public void NewSeconds_NothingRead_StaySilent()
    {
        var chart = Show();

        Tell(chart, 121);

        Assert.Equal("", Spoken(chart));
    }

    [Fact]
    public void Keys_OnAPausedChart_ReadWhatIsShown()
    {
        var chart = Show();
        LiveChartTests.Button(chart, "Pause").Click();
        Tell(chart, 130);

        Press(chart, "ArrowLeft");

        Assert.Equal(Newest, Spoken(chart));
    }

    [Fact]
    public void Escape_AfterAnArrow_ReadsNoMore()
    {
        var chart = Show();
        Press(chart, "ArrowLeft");

        Press(chart, "Escape");

        Assert.Equal("", Spoken(chart));
        Assert.Empty(chart.FindAll(".readout, .cursor"));
    }

    [Theory]
    [InlineData("Tab")]
    [InlineData("a")]
    public void AnotherKey_AfterAnArrow_ChangesNothing(string key)
    {
        var chart = Show();
        Press(chart, "ArrowLeft");

        Press(chart, key);

        Assert.Equal(Newest, Spoken(chart));
    }

    [Fact]
    public void Hover_ASecondInWhichNoneWasAnswered_SaysHowManyWereUnderWay()
    {
        var chart = Render<LiveChart>(it => it.Add(
            chart => chart.Frame,
            ChartFrame.Of(Seconds.Snapshot(Seconds.Start.AddSeconds(120), Seconds.Of(119, 0, inFlight: 11)), [], [])));

        Columns(chart)[119].TriggerEvent("onpointerenter", new PointerEventArgs());

        Assert.Equal(
            ["10:01:59 UTC ", "no answer ", "in flight 11"],
            chart.FindAll(".readout > div").Select(row => $"{row.FirstElementChild!.TextContent} {row.LastElementChild!.TextContent}"));
        Assert.Equal("", chart.Find(".served").GetAttribute("d"));
        Assert.StartsWith("M119.1 ", chart.Find("path.hanging").GetAttribute("d"), StringComparison.Ordinal);
        Assert.Empty(chart.FindAll(".empty"));
    }

    [Fact]
    public void Hover_AColumn_ShowsItWithoutSpeaking()
    {
        var chart = Show();

        Columns(chart)[119].TriggerEvent("onpointerenter", new PointerEventArgs());

        Assert.Equal("", Spoken(chart));
        Assert.Equal(["", "4", "25 ms", "50 ms", "–", "25 %", "0"], chart.FindAll(".readout dd").Select(value => value.TextContent));
        Assert.Contains("left", chart.Find(".readout").ClassList);
    }

    [Theory]
    [InlineData("onpointerleave")]
    [InlineData("onblur")]
    public void Leave_ByPointerOrFocus_ReadsNoMore(string leave)
    {
        var chart = Show();
        Press(chart, "ArrowLeft");
        Columns(chart)[3].TriggerEvent("onpointerenter", new PointerEventArgs());
        Assert.DoesNotContain("left", chart.Find(".readout").ClassList);

        chart.Find(".plot").TriggerEvent(leave, leave == "onblur" ? new FocusEventArgs() : new PointerEventArgs());

        Assert.Equal("", Spoken(chart));
        Assert.Empty(chart.FindAll(".readout, .cursor"));
    }

    [Fact]
    public void Columns_HoweverManySeconds_AreDrawnOnce()
    {
        var chart = Show();

        Tell(chart, 121);
        Tell(chart, 122);

        Assert.Equal(1, chart.FindComponent<ChartColumns>().RenderCount);
        Assert.Equal(ChartFrame.Columns, Columns(chart).Count);
    }

    private static string Spoken(IRenderedComponent<LiveChart> chart) => chart.Find("[aria-live=polite]").TextContent;

    private static IReadOnlyList<IElement> Columns(IRenderedComponent<LiveChart> chart) => [.. chart.FindAll(".columns i")];

    private static ChartFrame Frame(int now) => ChartFrame.Of(Seconds.Snapshot(Seconds.Start.AddSeconds(now), Second), [], []);

    private static void Press(IRenderedComponent<LiveChart> chart, params string[] keys)
    {
        foreach (var key in keys)
        {
            chart.Find(".plot").KeyDown(key);
        }
    }

    private static void Tell(IRenderedComponent<LiveChart> chart, int now) => chart.Render(it => it.Add(chart => chart.Frame, Frame(now)));

    private IRenderedComponent<LiveChart> Show() => Render<LiveChart>(chart => chart.Add(it => it.Frame, Frame(120)));
}
