using Bunit;
using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class TilesTests : ComponentTest
{
    private static readonly string[] Parts = [".name", ".value", ".note"];

    [Fact]
    public void Render_BeforeAnyRequest_HasAllSevenAndClaimsNothing()
    {
        var tiles = Show();

        Assert.Equal(
            ["Requests", "Errors", "p95", "Cache hits", "In flight", "Pool", "Waiting"],
            tiles.FindAll(".name").Select(name => name.TextContent));
        Assert.Equal(["0.0 /s", "–", "–", "–", "0", "0 of 20", "0"], tiles.FindAll(".value").Select(value => value.TextContent));
        Assert.Empty(tiles.FindAll(".tile.bad, .tile.warning"));
    }

    [Fact]
    public void Render_AnIncident_IsSaidInWordsAndSignsNotInColourAlone()
    {
        Failures.Set(Modes.PoolSaturation, ChangeSource.AdminApi);
        Request(500, 2000, CacheOutcome.Bypass);
        Advance(1);

        var bad = Show().FindAll(".tile.bad");

        Assert.Equal(
            ["Errors 100 % 1 of 1", "p95 2.0 s slow", "Cache hits 0 % bypassed", "Pool 2 of 2 exhausted"],
            bad.Select(tile => string.Join(' ', Parts.Select(part => tile.QuerySelector(part)!.TextContent.Trim()))));
        Assert.All(bad, tile => Assert.NotNull(tile.QuerySelector(".note svg")));
    }

    private IRenderedComponent<Tiles> Show() => Render<Tiles>(tiles => tiles
        .Add(it => it.Metrics, Metrics.Snapshot())
        .Add(it => it.Pool, Failures.Current.Pool)
        .Add(it => it.DrainingPools, Failures.Draining.Count));
}
