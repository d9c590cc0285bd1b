using Bunit;
using MockSre.Web.Tests.WebConsole.Chart;
using MockSre.Web.WebConsole.Chart;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class ChartTableTests : ComponentTest
{
    [Fact]
    public void Render_AFrame_ListsItsSecondsNewestFirstWithWhatHappened()
    {
        var frame = ChartFrame.Of(
            Seconds.Snapshot(
                Seconds.Start.AddSeconds(120), Seconds.Of(5, 1200, errors: 12, okP95Ms: 50, errorP95Ms: 1000), Seconds.Of(7, 0)),
            [],
            []) with
        {
            Markers =
            [
                new(Seconds.Start.AddSeconds(5), 0, "combined", MarkerKind.Deployment, 0),
                new(Seconds.Start.AddSeconds(5.999), 0, "50 requests", MarkerKind.Load, 1),
                new(Seconds.Start.AddSeconds(6), 0, "none", MarkerKind.Deployment, 0),
            ],
        };

        var table = Render<ChartTable>(it => it.Add(table => table.Frame, frame));

        Assert.Equal(
            ["10:00:07|0|–|–|–|–|0|", "10:00:05|1,200|25 ms|50 ms|1.0 s|1 %|0|combined, 50 requests"],
            table.FindAll("tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))));
    }
}
