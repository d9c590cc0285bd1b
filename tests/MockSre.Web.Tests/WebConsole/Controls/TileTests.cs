using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.Tests.WebConsole.Chart;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class TileTests
{
    private static readonly PoolStatus Pool = new(20, 1, 0, 0, null);

    [Theory]
    [InlineData(0, 0, "–", "no requests", Verdict.Plain)]
    [InlineData(100, 0, "0", "none", Verdict.Good)]
    [InlineData(100_000, 1, "<0.1", "1 of 100,000", Verdict.Warning)]
    [InlineData(1000, 49, "4.9", "49 of 1,000", Verdict.Warning)]
    [InlineData(1000, 50, "5", "50 of 1,000", Verdict.Bad)]
    [InlineData(1000, 999, ">99", "999 of 1,000", Verdict.Bad)]
    [InlineData(3, 3, "100", "3 of 3", Verdict.Bad)]
    public void Errors_AtTheirThresholds_AreJudged(long count, long errors, string value, string note, Verdict verdict)
    {
        var tile = Find("Errors", Figures(count, errors));

        Assert.Equal((value, note, verdict), (tile.Value, tile.Note, tile.Verdict));
    }

    [Theory]
    [InlineData(null, "–", "", "no requests", Verdict.Plain)]
    [InlineData(5.0, "5.0", " ms", "fast", Verdict.Good)]
    [InlineData(499.0, "499", " ms", "fast", Verdict.Good)]
    [InlineData(500.0, "500", " ms", "slower than usual", Verdict.Warning)]
    [InlineData(1499.0, "1.5", " s", "slower than usual", Verdict.Warning)]
    [InlineData(1500.0, "1.5", " s", "slow", Verdict.Bad)]
    public void P95_AtItsThresholds_IsJudged(double? ms, string value, string unit, string note, Verdict verdict)
    {
        var tile = Find("p95", Figures(1) with { Latency = ms is { } p95 ? new Percentiles(1, p95, p95) : null });

        Assert.Equal((value, unit, note, verdict), (tile.Value, tile.Unit, tile.Note, tile.Verdict));
    }

    [Theory]
    [InlineData(0, 0, 0, "–", "no reads", Verdict.Plain)]
    [InlineData(9, 1, 0, "90", "of reads", Verdict.Good)]
    [InlineData(0, 5, 0, "0", "of reads", Verdict.Good)]
    [InlineData(9, 0, 1, "90", "some bypassed", Verdict.Warning)]
    [InlineData(0, 1, 1, "0", "some bypassed", Verdict.Warning)]
    [InlineData(0, 0, 1, "0", "bypassed", Verdict.Bad)]
    public void CacheHits_WithAndWithoutACache_AreJudged(long hits, long misses, long bypassed, string value, string note, Verdict verdict)
    {
        var tile = Find("Cache hits", Figures(10) with { CacheHits = hits, CacheMisses = misses, CacheBypassed = bypassed });

        Assert.Equal((value, note, verdict), (tile.Value, tile.Note, tile.Verdict));
    }

    [Theory]
    [InlineData(1, 2, 0, "connections", Verdict.Good)]
    [InlineData(1, 2, 3, "3 older draining", Verdict.Plain)]
    [InlineData(2, 2, 0, "exhausted", Verdict.Bad)]
    [InlineData(2, 2, 3, "exhausted", Verdict.Bad)]
    public void Pool_FreeDrainingAndExhausted_IsJudged(int inUse, int limit, int draining, string note, Verdict verdict)
    {
        var tile = Tile.Of(Snapshot(Figures(0)), Pool with { InUse = inUse, Limit = limit }, draining).Single(tile => tile.Name == "Pool");

        Assert.Equal(($"{inUse}", $" of {limit}", note, verdict), (tile.Value, tile.Unit, tile.Note, tile.Verdict));
    }

    [Theory]
    [InlineData(0, Verdict.Good)]
    [InlineData(1, Verdict.Bad)]
    public void Waiting_AnybodyAtAll_IsBad(int waiting, Verdict verdict)
    {
        var tile = Tile.Of(Snapshot(Figures(0)), Pool with { Waiting = waiting }, 0).Single(tile => tile.Name == "Waiting");

        Assert.Equal(($"{waiting}", verdict), (tile.Value, tile.Verdict));
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
