using Bunit;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class BreadcrumbListTests : ComponentTest
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void Render_None_ShowsNothing() => Assert.Empty(Show().FindAll("*"));

    [Fact]
    public void Render_Steps_SayWhenWhatAndWithWhat()
    {
        var rows = Show(
            new SignalBreadcrumb(new DateTimeOffset(2026, 3, 12, 10, 0, 0, 369, TimeSpan.Zero), "cache", "Cache bypassed", null, None),
            new SignalBreadcrumb(
                null, "db.pool", "Waiting", "warning", new Dictionary<string, string> { ["limit"] = "2", ["in_use"] = "2" }),
            new SignalBreadcrumb(null, null, "failed", "error", None)).FindAll("tbody tr");

        Assert.Equal(
            ["10:00:00.369|cache|Cache bypassed", "–|db.pool|Waiting (limit: 2, in_use: 2)", "–||failed"],
            rows.Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))));
        Assert.Equal(["", "warn", "warn"], rows.Select(row => row.ClassName));
    }

    private IRenderedComponent<BreadcrumbList> Show(params SignalBreadcrumb[] steps) =>
        Render<BreadcrumbList>(it => it.Add(list => list.Breadcrumbs, steps));
}
