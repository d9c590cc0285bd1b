using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.Tests.WebConsole.Chart;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class TileTests
{
    private static readonly PoolStatus Pool = new(20, 1, 0, 0, null);

    [Theory]
    [InlineData(0, 0, "–", "no requests", TileStatus.Plain)]
    [InlineData(100, 0, "0", "none", TileStatus.Good)]
    [InlineData(100_000, 1, "<0.1", "1 of 100,000", TileStatus.Warning)]
    [InlineData(1000, 49, "4.9", "49 of 1,000", TileStatus.Warning)]
    [InlineData(1000, 50, "5", "50 of 1,000", TileStatus.Bad)]
    [InlineData(1000, 999, ">99", "999 of 1,000", TileStatus.Bad)]
    [InlineData(3, 3, "100", "3 of 3", TileStatus.Bad)]
    public void Errors_AtTheirThresholds_AreJudged(long count, long errors, string value, string note, TileStatus status)
    {
        var tile = Find("Errors", Figures(count, errors));

        Assert.Equal((value, note, status), (tile.Value, tile.Note, tile.Status));
    }

    [Theory]
    [InlineData(null, "–", "", "no requests", TileStatus.Plain)]
    [InlineData(5.0, "5.0", " ms", "fast", TileStatus.Good)]
    [InlineData(499.0, "499", " ms", "fast", TileStatus.Good)]
    [InlineData(500.0, "500", " ms", "slower than usual", TileStatus.Warning)]
    [InlineData(1499.0, "1.5", " s", "slower than usual", TileStatus.Warning)]
    [InlineData(1500.0, "1.5", " s", "slow", TileStatus.Bad)]
    public void P95_AtItsThresholds_IsJudged(double? ms, string value, string unit, string note, TileStatus status)
    {
        var tile = Find("p95", Figures(1) with { Latency = ms is { } p95 ? new Percentiles(1, p95, p95) : null });

        Assert.Equal((value, unit, note, status), (tile.Value, tile.Unit, tile.Note, tile.Status));
    }

    [Theory]
    [InlineData(0, 0, 0, "–", "no reads", TileStatus.Plain)]
    [InlineData(9, 1, 0, "90", "of reads", TileStatus.Good)]
    [InlineData(0, 5, 0, "0", "of reads", TileStatus.Good)]
    [InlineData(9, 0, 1, "90", "some bypassed", TileStatus.Warning)]
    [InlineData(0, 1, 1, "0", "some bypassed", TileStatus.Warning)]
    [InlineData(0, 0, 1, "0", "bypassed", TileStatus.Bad)]
    public void CacheHits_WithAndWithoutACache_AreJudged(
        long hits, long misses, long bypassed, string value, string note, TileStatus status)
    {
        var tile = Find("Cache hits", Figures(10) with { CacheHits = hits, CacheMisses = misses, CacheBypassed = bypassed });

        Assert.Equal((value, note, status), (tile.Value, tile.Note, tile.Status));
    }

    [Theory]
    [InlineData(1, 2, 0, "connections", TileStatus.Good)]
    [InlineData(1, 2, 3, "3 older draining", TileStatus.Plain)]
    [InlineData(2, 2, 0, "exhausted", TileStatus.Bad)]
    [InlineData(2, 2, 3, "exhausted", TileStatus.Bad)]
    public void Pool_FreeDrainingAndExhausted_IsJudged(int inUse, int limit, int draining, string note, TileStatus status)
    {
        var tile = Tile.Of(Snapshot(Figures(0)), Pool with { InUse = inUse, Limit = limit }, draining).Single(tile => tile.Name == "Pool");

        Assert.Equal(($"{inUse}", $" of {limit}", note, status), (tile.Value, tile.Unit, tile.Note, tile.Status));
    }

    [Theory]
    [InlineData(0, TileStatus.Good)]
    [InlineData(1, TileStatus.Bad)]
    public void Waiting_AnybodyAtAll_IsBad(int waiting, TileStatus status)
    {
        var tile = Tile.Of(Snapshot(Figures(0)), Pool with { Waiting = waiting }, 0).Single(tile => tile.Name == "Waiting");

        Assert.Equal(($"{waiting}", status), (tile.Value, tile.Status));
    }

    [Theory]
    [InlineData(0, "6.0")]
    [InlineData(2, "3.0")]
    [InlineData(10, "0.6")]
    [InlineData(300, "0.6")]
    public void Requests_ASecond_AreOfTheSecondsThatWere(int seconds, string rate)
    {
        var metrics = Snapshot(Figures(6)) with { Seconds = [.. Enumerable.Range(0, seconds).Select(number => Seconds.Of(number, 0))] };

        Assert.Equal(rate, Tile.Of(metrics, Pool, 0).Single(tile => tile.Name == "Requests").Value);
    }

    private static TrafficFigures Figures(long count, long errors = 0) => Seconds.Of(0, count, errors).Figures;

    private static MetricsSnapshot Snapshot(TrafficFigures last) => Seconds.Snapshot(Seconds.Start) with { LastTenSeconds = last };

    private static Tile Find(string name, TrafficFigures last) => Tile.Of(Snapshot(last), Pool, 0).Single(tile => tile.Name == name);
}
