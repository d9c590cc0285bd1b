using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;

namespace MockSre.Domain.Tests.Traffic;

public sealed class LiveMetricsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 12, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly LiveMetrics _metrics;

    public LiveMetricsTests() => _metrics = new LiveMetrics(_time);

    [Fact]
    public void Snapshot_AtTheStart_IsEmpty()
    {
        var snapshot = _metrics.Snapshot();

        Assert.Equal((Start, Start, 0), (snapshot.At, snapshot.Since, snapshot.InFlight));
        Assert.Empty(snapshot.Seconds);
        Assert.Equal((0, null, null), (snapshot.Totals.Count, snapshot.Totals.ErrorRate, snapshot.Totals.Latency));
    }

    [Fact]
    public void Snapshot_ASecondWithoutRequests_HasNoRateAndNoPercentiles()
    {
        _time.Advance(Second);

        var second = Assert.Single(_metrics.Snapshot().Seconds);
        Assert.Equal(Start, second.At);
        Assert.Equal(0, second.Figures.Count);
        Assert.Null(second.Figures.ErrorRate);
        Assert.Null(second.Figures.Latency);
        Assert.Null(second.Figures.OkLatency);
    }

    [Fact]
    public void Snapshot_ASecondOfErrorsAlone_HasNoPercentilesOfThe200s()
    {
        Request(status: 500, ms: 1000);
        _time.Advance(Second);

        var figures = Assert.Single(_metrics.Snapshot().Seconds).Figures;
        Assert.Equal(1.0, figures.ErrorRate);
        Assert.NotNull(figures.Latency);
        Assert.Null(figures.OkLatency);
    }

    [Fact]
    public void Snapshot_EachKindOfAnswer_IsCountedForWhatItIs()
    {
        Request(200, 1, CacheOutcome.Hit, reads: 0);
        Request(200, 2, CacheOutcome.Miss, reads: 1);
        Request(500, 3, CacheOutcome.Bypass, reads: 0, poolTimedOut: true);
        Request(503, 4, CacheOutcome.Bypass, reads: 1);
        Request(404, 5, CacheOutcome.Bypass, reads: 1);
        Request(400, 6, cache: null, reads: 0);
        _time.Advance(Second);

        var expected = new TrafficFigures(
            Count: 6,
            Errors: 2,
            Ok: 2,
            Cancelled: 0,
            CacheHits: 1,
            CacheMisses: 1,
            CacheBypassed: 3,
            DatabaseReads: 3,
            PoolTimeouts: 1,
            null,
            null,
            null);
        var snapshot = _metrics.Snapshot();
        Assert.Equal(expected, WithoutPercentiles(snapshot.Seconds[0].Figures));
        Assert.Equal(expected, WithoutPercentiles(snapshot.LastMinute));
        Assert.Equal(expected, WithoutPercentiles(snapshot.Totals));
        Assert.Equal(2.0 / 6, snapshot.Totals.ErrorRate);
        Assert.Equal(1.0 / 5, snapshot.Totals.CacheHitRate);
        Assert.Equal(4, snapshot.Totals.ErrorLatency!.P95Ms, tolerance: 0.1);
        Assert.Equal(2, snapshot.Totals.OkLatency!.P95Ms, tolerance: 0.1);
    }

    [Fact]
    public void CacheHitRate_NobodyAskedNorBypassedTheCache_IsNotKnown()
    {
        Request(400, 1, cache: null, reads: 0);

        Assert.Null(_metrics.Snapshot().Totals.CacheHitRate);
    }

    [Fact]
    public void LastTenSeconds_OfMoreSeconds_HoldsTheNewestTen()
    {
        for (var second = 1; second <= LiveMetrics.ShortSeconds + 2; second++)
        {
            Request(ms: second * 100);
            _time.Advance(Second);
        }

        var last = _metrics.Snapshot().LastTenSeconds;
        Assert.Equal(LiveMetrics.ShortSeconds, last.Count);
        Assert.Equal(700, last.Latency!.P50Ms, tolerance: 10);
        Assert.Equal(0, _metrics.Snapshot().Totals.Errors);
    }

    [Fact]
    public void LastTenSeconds_AfterALull_ForgetsWhatWasBefore()
    {
        Request();
        _time.Advance(LiveMetrics.ShortSeconds * Second);
        Assert.Equal(1, _metrics.Snapshot().LastTenSeconds.Count);

        _time.Advance(Second);

        Assert.Equal(0, _metrics.Snapshot().LastTenSeconds.Count);
    }

    [Fact]
    public void Recent_OfMoreThanItsLimit_HoldsTheNewestFirst()
    {
        for (var user = 1; user <= LiveMetrics.RecentLimit + 3; user++)
        {
            _metrics.End(_metrics.Begin(), new RequestSample(200, Second, CacheOutcome.Hit, 0, User: $"{user}", Label: "none"));
            _time.Advance(Second);
        }

        var recent = _metrics.Snapshot().Recent;
        Assert.Equal(
            Enumerable.Range(4, LiveMetrics.RecentLimit).Reverse().Select(user => $"{user}"),
            recent.Select(request => request.Sample.User));
        Assert.Equal(Start + ((LiveMetrics.RecentLimit + 2) * Second), recent[0].At);
        Assert.Equal("none", recent[0].Sample.Label);
    }

    [Fact]
    public void Recent_AfterAReset_IsEmpty()
    {
        Request();

        _metrics.Reset();

        Assert.Empty(_metrics.Snapshot().Recent);
    }

    [Fact]
    public void Snapshot_CancelledRequests_AreCountedApart()
    {
        Request(RequestSample.ClientClosedRequest, 60_000, CacheOutcome.Bypass, reads: 1);
        Request(200, 1);

        var totals = _metrics.Snapshot().Totals;
        Assert.Equal((1, 1, 0), (totals.Count, totals.Cancelled, totals.Errors));
        Assert.Equal((1, 1), (totals.CacheBypassed, totals.DatabaseReads));
        Assert.InRange(totals.Latency!.P99Ms, 0.99, 1.01);
    }

    [Fact]
    public void Snapshot_TheSecondUnderWay_IsInTheTotalsOnly()
    {
        Request();

        var snapshot = _metrics.Snapshot();

        Assert.Empty(snapshot.Seconds);
        Assert.Equal((0, 1), (snapshot.LastMinute.Count, snapshot.Totals.Count));
    }

    [Fact]
    public void Snapshot_StartedWithinASecond_CutsAtWholeSeconds()
    {
        var time = new FakeTimeProvider(Start + TimeSpan.FromMilliseconds(700));
        var metrics = new LiveMetrics(time);

        time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.Empty(metrics.Snapshot().Seconds);
        time.Advance(TimeSpan.FromMilliseconds(1001));

        Assert.Equal([Start, Start + Second], metrics.Snapshot().Seconds.Select(second => second.At));
    }

    [Fact]
    public void Snapshot_RequestsUnderWay_AreInFlight()
    {
        var first = _metrics.Begin();
        _metrics.Begin();
        Assert.Equal(2, _metrics.Snapshot().InFlight);

        _metrics.End(first, new RequestSample(200, Second, null, 0));
        Assert.Equal(1, _metrics.Snapshot().InFlight);
    }

    [Fact]
    public void Seconds_InFlight_IsTheMostAtOnceInEach()
    {
        var first = _metrics.Begin();
        var second = _metrics.Begin();
        _metrics.End(first, new RequestSample(200, default, null, 0));
        _time.Advance(2 * Second);
        _metrics.End(second, new RequestSample(200, default, null, 0));
        _time.Advance(2 * Second);

        Assert.Equal([2, 1, 1, 0], _metrics.Snapshot().Seconds.Select(s => s.InFlight));
    }

    [Fact]
    public void Seconds_BeyondTheWindow_DropTheOldest()
    {
        for (var i = 0; i < LiveMetrics.WindowSeconds + 5; i++)
        {
            Request();
            _time.Advance(Second);
        }

        var snapshot = _metrics.Snapshot();
        Assert.Equal(300, snapshot.Seconds.Count);
        Assert.Equal(Enumerable.Range(5, 300).Select(i => Start + (i * Second)), snapshot.Seconds.Select(second => second.At));
        Assert.All(snapshot.Seconds, second => Assert.Equal(1, second.Figures.Count));
        Assert.Equal(305, snapshot.Totals.Count);
    }

    [Theory]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(1_000_000)]
    public void Seconds_AfterAnIdleGap_AreContiguousAndEndNow(int gap)
    {
        Request();
        _time.Advance(gap * Second);

        var snapshot = _metrics.Snapshot();
        var seconds = snapshot.Seconds;
        Assert.Equal(Math.Min(gap, 300), seconds.Count);
        Assert.Equal(Start + ((gap - 1) * Second), seconds[^1].At);
        Assert.All(seconds.Zip(seconds.Skip(1)), pair => Assert.Equal(pair.First.At + Second, pair.Second.At));
        Assert.Equal(gap <= 300 ? 1 : 0, seconds.Sum(second => second.Figures.Count));
        Assert.Equal((0, 1), (snapshot.LastMinute.Count, snapshot.Totals.Count));
    }

    [Fact]
    public void LastMinute_RollingOn_CoversSixtyWholeSeconds()
    {
        Request(ms: 1000);
        _time.Advance(Second);
        Request(ms: 10);
        _time.Advance(59 * Second);
        Assert.Equal(2, _metrics.Snapshot().LastMinute.Count);

        _time.Advance(Second);
        var minute = _metrics.Snapshot().LastMinute;
        Assert.Equal(1, minute.Count);
        Assert.InRange(minute.Latency!.P99Ms, 9.9, 10.1);

        _time.Advance(Second);
        Assert.Null(_metrics.Snapshot().LastMinute.Latency);
    }

    [Fact]
    public void LastMinute_UnevenSeconds_TakesPercentilesOfAllRequestsTogether()
    {
        // 99 fast requests in one second, a slow one in the next. The average of the two medians would be about 500 ms.
        for (var i = 0; i < 99; i++)
        {
            Request(ms: 10);
        }

        _time.Advance(Second);
        Request(ms: 990);
        _time.Advance(Second);

        Assert.InRange(_metrics.Snapshot().LastMinute.Latency!.P50Ms, 9.9, 10.1);
    }

    [Fact]
    public void Snapshot_TwoReadersInASecond_ShareItsList()
    {
        Request();
        _time.Advance(Second);

        var first = _metrics.Snapshot();
        Request();
        _time.Advance(TimeSpan.FromMilliseconds(900));
        var second = _metrics.Snapshot();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var third = _metrics.Snapshot();

        Assert.Same(first.Seconds, second.Seconds);
        Assert.Same(first.LastMinute, second.LastMinute);
        Assert.Equal((1, 2), (first.Seconds.Count, third.Seconds.Count));
    }

    [Fact]
    public void Snapshot_Old_DoesNotChangeAnyMore()
    {
        _time.Advance(Second);
        var old = _metrics.Snapshot();

        Request();
        _time.Advance(Second);
        _metrics.Snapshot();
        _metrics.Reset();

        Assert.Equal(0, Assert.Single(old.Seconds).Figures.Count);
        Assert.Equal(0, old.Totals.Count);
    }

    [Fact]
    public void Reset_ARequestUnderWay_LeavesItInFlightButUncounted()
    {
        Request();
        var begun = _metrics.Begin();
        _time.Advance(5 * Second);

        _metrics.Reset();
        var snapshot = _metrics.Snapshot();
        Assert.Equal((1, 0, Start + (5 * Second)), (snapshot.InFlight, snapshot.Totals.Count, snapshot.Since));
        Assert.Empty(snapshot.Seconds);

        _metrics.End(begun, new RequestSample(500, Second, null, 0));
        Request();
        _time.Advance(Second);
        snapshot = _metrics.Snapshot();
        Assert.Equal((0, 1, 0), (snapshot.InFlight, snapshot.Totals.Count, snapshot.Totals.Errors));
        Assert.Equal(1, snapshot.Seconds[0].InFlight);
    }

    [Theory]
    [InlineData(-5, 0.001)]
    [InlineData(0, 0.001)]
    [InlineData(0.0001, 0.001)]
    [InlineData(120_000, 120_000)]
    [InlineData(3_600_000, 120_000)]
    public void Latency_OutsideTheRange_CountsAsItsEdge(double ms, double expected)
    {
        Request(ms: ms);

        var latency = _metrics.Snapshot().Totals.Latency!;
        Assert.InRange(latency.P50Ms, expected, expected * 1.01);
    }

    [Fact]
    public async Task Begin_FromManyThreads_LosesNoRequest()
    {
        var loops = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Request();
                _time.Advance(TimeSpan.FromMilliseconds(10));
                _metrics.Snapshot();
            }
        }));

        await Task.WhenAll(loops).WithinGuard();

        var snapshot = _metrics.Snapshot();
        Assert.Equal((4000, 0), (snapshot.Totals.Count, snapshot.InFlight));
        Assert.Equal(4000, snapshot.Seconds.Sum(second => second.Figures.Count));
    }

    private static TrafficFigures WithoutPercentiles(TrafficFigures figures) =>
        figures with { Latency = null, OkLatency = null, ErrorLatency = null };

    private void Request(int status = 200, double ms = 1, CacheOutcome? cache = null, int reads = 0, bool poolTimedOut = false) =>
        _metrics.End(_metrics.Begin(), new RequestSample(status, TimeSpan.FromMilliseconds(ms), cache, reads, poolTimedOut));
}
