using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Profiles;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Tests.Incidents;

public sealed class SecondCounterTests
{
    private readonly SecondCounter _counter = new();

    [Fact]
    public void End_WhatWasCounted_IsToldByReleaseOnce()
    {
        _counter.Count(
            "a",
            new RequestSample(200, TimeSpan.FromMilliseconds(1.04), CacheOutcome.Hit, 0, false),
            DateTimeOffset.UnixEpoch.AddSeconds(0.9));
        _counter.Count(
            "a", new RequestSample(500, TimeSpan.FromSeconds(1), CacheOutcome.Miss, 2, true), DateTimeOffset.UnixEpoch.AddSeconds(0.9));
        _counter.Count("a", new RequestSample(404, TimeSpan.Zero, CacheOutcome.Bypass, 1, false), DateTimeOffset.UnixEpoch.AddSeconds(0.9));
        _counter.Count("b", new RequestSample(200, TimeSpan.Zero, null, 0, false), DateTimeOffset.UnixEpoch.AddSeconds(0.9));
        _counter.Count(
            "b",
            new RequestSample(RequestSample.ClientClosedRequest, TimeSpan.Zero, null, 1, false),
            DateTimeOffset.UnixEpoch.AddSeconds(0.9));

        var seconds = _counter.End(DateTimeOffset.UnixEpoch.AddSeconds(1)).Cast<SecondCounted>().ToList();

        Assert.Equal(["a", "b"], seconds.Select(second => second.Release));
        var first = seconds[0];
        Assert.Equal(
            (3, 1, 1, 1, 1, 3, 1),
            (first.Count, first.Errors, first.Refused, first.CacheHits, first.CacheMisses, first.DatabaseReads, first.PoolTimeouts));
        Assert.Equal([1.0, 1000.0, 0.0], first.LatenciesMs);
        Assert.Equal((1, 0), (seconds[1].Count, seconds[1].DatabaseReads));
        Assert.Empty(_counter.End(DateTimeOffset.UnixEpoch.AddSeconds(1)));
    }

    [Fact]
    public void End_MoreThanItHolds_CountsThemWithoutTheirLatencies()
    {
        for (var i = 0; i < SecondCounter.MaxLatencies + 10; i++)
        {
            _counter.Count("a", new RequestSample(200, TimeSpan.Zero, null, 0, false), DateTimeOffset.UnixEpoch.AddSeconds(0.9));
        }

        var second = Assert.IsType<SecondCounted>(Assert.Single(_counter.End(DateTimeOffset.UnixEpoch.AddSeconds(1))));
        Assert.Equal((SecondCounter.MaxLatencies + 10, SecondCounter.MaxLatencies), (second.Count, second.LatenciesMs.Count));
    }

    [Fact]
    public void End_InTheMiddleOfASecond_TellsOnlyThoseThatAreOver()
    {
        foreach (var at in new[] { 0.1, 0.9, 1.2, 2.5 })
        {
            _counter.Count("a", new RequestSample(200, TimeSpan.Zero, null, 0, false), DateTimeOffset.UnixEpoch.AddSeconds(at));
        }

        Assert.Equal([(0L, 2), (1, 1)], Ended(2.9));
        Assert.Equal([(2L, 1)], Ended(3));

        IEnumerable<(long, int)> Ended(double seconds) => _counter.End(DateTimeOffset.UnixEpoch.AddSeconds(seconds))
            .Cast<SecondCounted>()
            .Select(second => (second.At.ToUnixTimeSeconds(), second.Count));
    }
}
