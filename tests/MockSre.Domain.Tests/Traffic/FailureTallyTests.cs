using MockSre.Domain.Traffic;

namespace MockSre.Domain.Tests.Traffic;

public sealed class FailureTallyTests
{
    private readonly FailureTally _tally = new();

    [Fact]
    public void Take_RequestsAndFailures_CountsThemByKindWithTheNearestRank()
    {
        foreach (var ms in Enumerable.Range(1, 20))
        {
            _tally.Record(TimeSpan.FromMilliseconds(ms), ms > 17 ? "IOException" : ms > 15 ? "TimeoutException" : null);
        }

        var figures = _tally.Take();

        Assert.Equal((20, 5, 0), (figures.Requests, figures.Failed, figures.OtherKinds));
        Assert.Equal([("IOException", 3L), ("TimeoutException", 2L)], figures.Kinds.Select(kind => (kind.Key, kind.Value)));
        Assert.Equal(19, figures.P95Ms!.Value, 0.2);
    }

    [Fact]
    public void Take_MoreKindsThanItCounts_AddsUpTheRest()
    {
        foreach (var kind in Enumerable.Range(0, FailureTally.MaxKinds + 3))
        {
            _tally.Record(TimeSpan.Zero, $"Kind{kind}");
            _tally.Record(TimeSpan.Zero, $"Kind{kind}");
        }

        var figures = _tally.Take();

        Assert.Equal(FailureTally.MaxKinds, figures.Kinds.Count);
        Assert.Equal((6, 16), (figures.OtherKinds, figures.Failed));
    }

    [Fact]
    public void Take_AfterAnother_BeginsAnew()
    {
        _tally.Record(TimeSpan.FromSeconds(1), "IOException");
        _tally.Take();

        var figures = _tally.Take();

        Assert.Equal((0, 0, null), (figures.Requests, figures.Failed, figures.P95Ms));
        Assert.Empty(figures.Kinds);
    }
}
