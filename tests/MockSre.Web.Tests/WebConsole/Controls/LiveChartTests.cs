using Bunit;
using MockSre.Web.Tests.WebConsole.Chart;
using MockSre.Web.WebConsole.Chart;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

/// <summary>The lines, markers and buttons of the chart.</summary>
public class LiveChartTests : ComponentTest
{
    private static readonly DateTimeOffset Now = Seconds.Start.AddSeconds(120);

    private static readonly string[] Paths =
        ["path.p50", "path.p50.dots", "path.p95", "path.p95.dots", "path.e95.dots", "path.errors", "path.served"];

    [Fact]
    public void Render_AFrame_DrawsItsLinesDotsAndBars()
    {
        var frame = ChartFrame.Of(
            Seconds.Snapshot(
                Now, Seconds.Of(0, 2, errors: 1, okP95Ms: 50, errorP95Ms: 80), Seconds.Of(1, 1, okP95Ms: 50), Seconds.Of(3, 1, okP95Ms: 5)),
            [],
            []);
        var chart = Show(frame);

        Assert.Equal(
            [frame.OkP50.Path, frame.OkP50.Dots, frame.OkP95.Path, frame.OkP95.Dots, frame.ErrorP95.Dots, frame.Errors, frame.Served],
            Paths.Select(path => chart.Find($".plot {path}").GetAttribute("d")));
        Assert.Equal(["0 ms", "25 ms", "50 ms", "75 ms", "100 ms"], chart.FindAll(".latency-axis span").Select(tick => tick.TextContent));
    }

    [Fact]
    public void Render_Markers_StandAtTheirPlacesInTheirLanes()
    {
        var chart = Show(Frame() with
        {
            Markers =
            [
                new(Seconds.Start, 0.25, "combined (+2)", MarkerKind.Deployment, 0),
                new(Seconds.Start.AddSeconds(1), 0.9, "50 requests", MarkerKind.Load, 2),
            ],
        });

        var markers = chart.FindAll(".marker");
        Assert.Equal(["combined (+2)", "50 requests"], markers.Select(marker => marker.TextContent.Trim()));
        Assert.Equal(["left: 25%", "left: 90%"], markers.Select(marker => marker.GetAttribute("style")));
        Assert.Equal(["marker deployment lane-0", "marker load lane-2 left"], markers.Select(marker => marker.ClassName!.Trim()));
    }

    [Fact]
    public void Render_AChangeAndALoadAtTheSameInstant_ShowsBoth()
    {
        ChartMarker mode = new(Seconds.Start, 0.25, "combined", MarkerKind.Deployment, 0);
        ChartMarker load = new(Seconds.Start, 0.25, "50 requests", MarkerKind.Load, 1);
        var chart = Show(Frame() with { Markers = [mode, load] });

        // Blazor compares keys only when it updates existing elements.
        chart.Render(it => it.Add(chart => chart.Frame, Frame() with { Markers = [load, mode] }));

        Assert.Equal(2, chart.FindAll(".marker").Count);
    }

    [Fact]
    public void Pause_NewDataCome_StaysUntilToldToGoOn()
    {
        var chart = Show(Frame(okP95Ms: 50));
        var before = chart.Find("path.p95.dots").GetAttribute("d");

        Button(chart, "Pause").Click();
        chart.Render(it => it.Add(chart => chart.Frame, Frame(okP95Ms: 100)));

        Assert.Equal(before, chart.Find("path.p95.dots").GetAttribute("d"));
        Assert.Equal("Paused at 10:02:00 UTC", chart.Find("h2").TextContent);
        Assert.Equal("10:02:00", chart.Find(".time-axis span:last-child").TextContent);
        Assert.Equal("true", Button(chart, "Resume").GetAttribute("aria-pressed"));

        Button(chart, "Resume").Click();

        Assert.NotEqual(before, chart.Find("path.p95.dots").GetAttribute("d"));
        Assert.Equal(("The last two minutes", "now"), (chart.Find("h2").TextContent, chart.Find(".time-axis span:last-child").TextContent));
        Assert.Equal("false", Button(chart, "Pause").GetAttribute("aria-pressed"));
    }

    [Fact]
    public void Table_OnAndOff_ShowsTheSameFrameAsText()
    {
        var chart = Show(Frame(okP95Ms: 50));
        Assert.Empty(chart.FindAll("table"));

        Button(chart, "Table").Click();
        Assert.Equal("true", Button(chart, "Table").GetAttribute("aria-pressed"));
        Assert.Single(chart.FindAll("tbody tr"));

        Button(chart, "Table").Click();
        Assert.Empty(chart.FindAll("table"));
    }

    internal static ChartFrame Frame(double? okP95Ms = null) =>
        ChartFrame.Of(Seconds.Snapshot(Now, Seconds.Of(119, 4, okP95Ms: okP95Ms)), [], []);

    internal static AngleSharp.Dom.IElement Button(IRenderedComponent<LiveChart> chart, string name) =>
        chart.FindAll("button").Single(button => button.TextContent.Trim() == name);

    private IRenderedComponent<LiveChart> Show(ChartFrame frame) => Render<LiveChart>(chart => chart.Add(it => it.Frame, frame));
}
