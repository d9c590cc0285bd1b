using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Profiles;

public sealed class ProfileServiceTests : IDisposable
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeProfileStore _store = new();
    private readonly FakeTelemetry _telemetry = new();
    private readonly ConnectionPool _pool;
    private readonly MemoryCache _cache;

    public ProfileServiceTests()
    {
        _pool = new ConnectionPool(1, TimeSpan.FromSeconds(1), () => _store.Open(new ProfileReading()), _time);
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = ProfileService.CacheSizeLimit, Clock = new Clock(_time) });
    }

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task ReadAsync_WithACache_MissesOnceAndThenHits()
    {
        var service = Service();

        var first = await ReadAsync(service, 3);
        var second = await ReadAsync(service, 3);

        Assert.Equal(3, first?.UserId);
        Assert.Same(first, second);
        Assert.Equal(["Asked", "Miss", "Needed", "Leased", "Read", "Asked", "Hit"], _telemetry.Calls);
        Assert.Equal(1, _store.Lookups);
    }

    [Fact]
    public async Task ReadAsync_WithoutACache_BypassesItEachTime()
    {
        var service = Service(cached: false);

        await ReadAsync(service, 3);
        await ReadAsync(service, 3);

        Assert.Equal(["Bypass", "Needed", "Leased", "Read", "Bypass", "Needed", "Leased", "Read"], _telemetry.Calls);
        Assert.Equal(2, _store.Lookups);
    }

    [Fact]
    public async Task ReadAsync_UnknownUser_IsNotCached()
    {
        var service = Service();

        Assert.Null(await ReadAsync(service, 11));
        Assert.Null(await ReadAsync(service, 11));

        Assert.Equal(["Asked", "Miss", "Needed", "Leased", "Read", "Asked", "Miss", "Needed", "Leased", "Read"], _telemetry.Calls);
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public async Task ReadAsync_AfterTheCacheLifetime_ReadsAgain()
    {
        var service = Service();
        await ReadAsync(service, 3);

        _time.Advance(CacheLifetime - TimeSpan.FromMilliseconds(1));
        await ReadAsync(service, 3);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await ReadAsync(service, 3);

        Assert.Equal(
            ["Asked", "Miss", "Needed", "Leased", "Read", "Asked", "Hit", "Asked", "Miss", "Needed", "Leased", "Read"], _telemetry.Calls);
    }

    [Fact]
    public async Task ReadAsync_ManyUsers_KeepsTheCacheWithinItsLimit()
    {
        var service = Service();
        for (var user = 1; user <= 10; user++)
        {
            await ReadAsync(service, user);
        }

        Assert.Equal(10, _cache.Count);
        Assert.Throws<InvalidOperationException>(() => _cache.Set("without a size", 1));
    }

    [Theory]
    [InlineData(false, 1, 0)]
    [InlineData(true, 0, 1)]
    public async Task ReadAsync_IgnoringCase_DecidesBetweenIndexAndScan(bool ignoreCase, int lookups, int scans)
    {
        await ReadAsync(Service(ignoreCase: ignoreCase), 3);

        Assert.Equal((lookups, scans), (_store.Lookups, _store.Scans));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadAsync_WithADeadline_FailsThenWithoutTouchingThePool(bool alreadyCached)
    {
        if (alreadyCached)
        {
            await ReadAsync(Service(), 3);
        }

        var lookups = _store.Lookups;
        var reading = Service(deadline: TimeSpan.FromMilliseconds(250)).ReadAsync(3, _telemetry, default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var fault = await Assert.ThrowsAsync<ProfileDeadlineException>(() => reading.WithinGuard());
        Assert.IsAssignableFrom<TimeoutException>(fault);
        Assert.Equal("The profile was not complete within its deadline", fault.Message);
        Assert.Equal("The profile was not complete within its deadline of 250 ms", fault.Details);
        Assert.Equal(TimeSpan.FromMilliseconds(250), fault.Deadline);
        Assert.Equal(lookups, _store.Lookups);
    }

    [Fact]
    public async Task ReadAsync_CancelledBeforeTheDeadline_EndsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        var reading = Service(deadline: TimeSpan.FromMilliseconds(250)).ReadAsync(3, _telemetry, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithinGuard());
    }

    [Fact]
    public async Task ReadAsync_CancelledDuringTheRead_ReleasesTheLease()
    {
        using var cancel = new CancellationTokenSource();
        _store.Reading = cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
        var reading = Service().ReadAsync(3, _telemetry, cancel.Token).AsTask();
        Assert.Equal(1, _pool.Status.InUse);
        Assert.Equal("profile 3", _pool.Status.LongestHeld?.Owner);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithinGuard());
        Assert.Equal(0, _pool.Status.InUse);
    }

    [Fact]
    public async Task ReadAsync_CancelledWhileTheStoreStillReads_KeepsTheLeaseUntilItReturns()
    {
        using var cancel = new CancellationTokenSource();
        var interrupted = new TaskCompletionSource();
        _store.Reading = _ => interrupted.Task;
        var reading = Service().ReadAsync(3, _telemetry, cancel.Token).AsTask();

        await cancel.CancelAsync();
        Assert.Equal(1, _pool.Status.InUse);
        interrupted.SetCanceled(cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithinGuard());
        Assert.Equal(0, _pool.Status.InUse);
    }

    [Fact]
    public async Task ReadAsync_StoreFails_ReleasesTheLeaseAndCachesNothing()
    {
        _store.Reading = _ => throw new IOException("disk");

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(Service(), 3));

        Assert.Equal((0, 0), (_pool.Status.InUse, _cache.Count));
        _store.Reading = _ => Task.CompletedTask;
        Assert.NotNull(await ReadAsync(Service(), 3));
    }

    [Fact]
    public async Task ReadAsync_NoConnectionInTime_FailsFromThePoolAndNamesNoFailure()
    {
        using var taken = _pool.TryAcquire("another");
        var reading = Service().ReadAsync(3, _telemetry, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        var timeout = await Assert.ThrowsAsync<PoolTimeoutException>(() => reading.WithinGuard());

        Assert.Contains("within 1,000 ms (1 of 1 in use, 1 waiting)", timeout.Details, StringComparison.Ordinal);
        Assert.StartsWith(
            "at MockSre.Domain.Profiles.ConnectionPool.AcquireAsync(", timeout.StackTrace?.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("MockSre.Domain.Profiles.ProfileService.ReadAsync(", timeout.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain("Failure", timeout.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["Asked", "Miss", "Needed", "Awaited 1"], _telemetry.Calls);
    }

    private Task<UserProfile?> ReadAsync(ProfileService service, int userId) =>
        service.ReadAsync(userId, _telemetry, default).WithinGuard();

    private ProfileService Service(bool cached = true, bool ignoreCase = false, TimeSpan? deadline = null) =>
        new(ignoreCase ? _store.FindIgnoringCaseAsync : _store.FindAsync, _pool, cached ? _cache : null, CacheLifetime, deadline, _time);

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
