using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Profiles;

public sealed class ConnectionPoolTests
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeProfileStore _store = new();

    [Fact]
    public void New_WithoutConnections_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Pool(0));

    [Fact]
    public async Task AcquireAsync_UpToTheLimit_LeasesAtOnce()
    {
        var pool = Pool(2);

        var leases = await AcquireAllAsync(pool, 2);

        Assert.NotSame(leases[0].Connection, leases[1].Connection);
        Assert.Equal(new PoolStatus(2, 2, 0, 0, new HeldLease("owner 0", TimeSpan.Zero)), pool.Status);
    }

    [Fact]
    public async Task AcquireAsync_BeyondTheLimit_ServesInTheOrderOfTheCalls()
    {
        var pool = Pool(1);
        var lease = await pool.AcquireAsync("first", default);
        var waiters = Enumerable.Range(1, 5).Select(i => pool.AcquireAsync($"waiter {i}", default).AsTask()).ToArray();
        Assert.Equal(5, pool.Status.Waiting);

        foreach (var (i, waiter) in waiters.Index())
        {
            lease.Dispose();
            lease = await waiter.WithinGuard();
            Assert.Equal($"waiter {i + 1}", lease.Owner);
            Assert.Equal(4 - i, pool.Status.Waiting);
            Assert.All(waiters[(i + 1)..], later => Assert.False(later.IsCompleted));
        }
    }

    [Fact]
    public async Task AcquireAsync_NoneInTime_TimesOutAtExactlyTheLimit()
    {
        var pool = Pool(1);
        using var lease = await pool.AcquireAsync("first", default);
        var waiter = pool.AcquireAsync("second", default).AsTask();

        _time.Advance(WaitLimit - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 0), (pool.Status.Waiting, pool.Status.Timeouts));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<PoolTimeoutException>(() => waiter.WithinGuard());
        Assert.Equal((0, 1), (pool.Status.Waiting, pool.Status.Timeouts));
    }

    [Fact]
    public async Task AcquireAsync_ItsOwnWaitLimit_OverridesThePools()
    {
        var pool = Pool(1);
        using var lease = await pool.AcquireAsync("first", default);
        var brief = pool.AcquireAsync("brief", TimeSpan.FromMilliseconds(10), default).AsTask();
        var patient = pool.AcquireAsync("patient", Timeout.InfiniteTimeSpan, default).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(10));
        var timeout = await Assert.ThrowsAsync<PoolTimeoutException>(() => brief.WithinGuard());
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromMilliseconds(10), timeout.Waited);
        Assert.False(patient.IsCompleted);
        lease.Dispose();
        (await patient.WithinGuard()).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_TimedOut_SaysHowThingsStood()
    {
        var pool = Pool(1);
        using var lease = await pool.AcquireAsync("first", default);
        var waiter = pool.AcquireAsync("second", default).AsTask();
        var next = pool.AcquireAsync("third", TimeSpan.FromMinutes(1), default).AsTask();

        _time.Advance(WaitLimit);
        var timeout = await Assert.ThrowsAsync<PoolTimeoutException>(() => waiter.WithinGuard());

        Assert.Equal("No database connection became free in time", timeout.Message);
        Assert.Equal("No database connection became free within 1,000 ms (1 of 1 in use, 2 waiting)", timeout.Details);
        Assert.Equal((WaitLimit, 2), (timeout.Waited, timeout.Status.Waiting));
        lease.Dispose();
        (await next.WithinGuard()).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_LeavesTheQueueToThoseBehind()
    {
        var pool = Pool(1);
        var lease = await pool.AcquireAsync("first", default);
        using var cancel = new CancellationTokenSource();
        var leaving = pool.AcquireAsync("leaving", cancel.Token).AsTask();
        var staying = pool.AcquireAsync("staying", default).AsTask();

        await cancel.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.WithinGuard());
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        Assert.Equal((1, 0), (pool.Status.Waiting, pool.Status.Timeouts));
        lease.Dispose();
        Assert.Equal("staying", (await staying.WithinGuard()).Owner);
    }

    [Fact]
    public async Task AcquireAsync_AlreadyCancelled_TakesNothing()
    {
        var pool = Pool(1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pool.AcquireAsync("late", new CancellationToken(true)).AsTask());

        Assert.Equal(0, pool.Status.InUse);
        Assert.Empty(_store.Opened);
    }

    [Fact]
    public async Task AcquireAsync_OpenFails_GivesTheLeaseToTheNextInLine()
    {
        var pool = Pool(1);
        var lease = await pool.AcquireAsync("first", default);
        ((FakeConnection)lease.Connection).Break();
        var failing = pool.AcquireAsync("failing", default).AsTask();
        var next = pool.AcquireAsync("next", default).AsTask();
        var openings = 0;
        _store.BeforeOpen = () =>
        {
            if (++openings == 1)
            {
                throw new IOException("no database");
            }
        };

        lease.Dispose();

        await Assert.ThrowsAsync<IOException>(() => failing.WithinGuard());
        Assert.Equal("next", (await next.WithinGuard()).Owner);
        Assert.Equal((1, 0), (pool.Status.InUse, pool.Status.Waiting));
    }

    [Fact]
    public async Task TryAcquire_NoneFree_GivesNull()
    {
        var pool = Pool(1);
        using var lease = pool.TryAcquire("first");
        Assert.NotNull(lease);

        Assert.Null(pool.TryAcquire("second"));

        var waiter = pool.AcquireAsync("waiter", default).AsTask();
        lease.Dispose();
        Assert.Null(pool.TryAcquire("pusher"));
        (await waiter.WithinGuard()).Dispose();
    }

    [Fact]
    public void TryAcquire_OpenFails_KeepsNoLease()
    {
        var pool = Pool(1);
        _store.BeforeOpen = () => throw new IOException("no database");

        Assert.Throws<IOException>(() => pool.TryAcquire("first"));

        Assert.Equal(0, pool.Status.InUse);
    }

    [Fact]
    public async Task Dispose_ALeaseTwice_ReturnsItOnce()
    {
        var pool = Pool(2);
        var leases = await AcquireAllAsync(pool, 2);

        leases[0].Dispose();
        leases[0].Dispose();

        Assert.Equal(1, pool.Status.InUse);
        Assert.Throws<ObjectDisposedException>(() => leases[0].Connection);
    }

    [Fact]
    public async Task Dispose_ALease_LetsItsConnectionBeUsedAgain()
    {
        var pool = Pool(5);
        for (var i = 0; i < 10; i++)
        {
            (await pool.AcquireAsync("again", default)).Dispose();
        }

        Assert.Single(_store.Opened);
        Assert.Equal(1, _store.Undisposed);
    }

    [Fact]
    public async Task Dispose_ALeaseOfABrokenConnection_ClosesThat()
    {
        var pool = Pool(1);
        var lease = await pool.AcquireAsync("first", default);
        var broken = (FakeConnection)lease.Connection;
        broken.Break();

        lease.Dispose();

        Assert.True(broken.IsDisposed);
        Assert.NotSame(broken, (await pool.AcquireAsync("second", default)).Connection);
    }

    [Fact]
    public async Task Dispose_ThePoolWithLeasesOut_ClosesIdleOnesNowAndTheOthersOnReturn()
    {
        var pool = Pool(2);
        var leases = await AcquireAllAsync(pool, 2);
        var (idle, leased) = ((FakeConnection)leases[0].Connection, (FakeConnection)leases[1].Connection);
        leases[0].Dispose();

        pool.Dispose();
        Assert.Equal((true, false), (idle.IsDisposed, leased.IsDisposed));

        leases[1].Dispose();
        Assert.True(leased.IsDisposed);
        Assert.Equal(0, pool.Status.InUse);
    }

    [Fact]
    public async Task Dispose_ThePoolWithAWaiter_StillServesIt()
    {
        var pool = Pool(1);
        var lease = await pool.AcquireAsync("first", default);
        var waiter = pool.AcquireAsync("second", default).AsTask();

        pool.Dispose();
        lease.Dispose();
        (await waiter.WithinGuard()).Dispose();

        Assert.Equal(0, _store.Undisposed);
    }

    [Fact]
    public async Task Status_SeveralLeases_NamesTheOldestAndItsAge()
    {
        var pool = Pool(2);
        var first = await pool.AcquireAsync("first", default);
        _time.Advance(TimeSpan.FromSeconds(3));
        using var second = await pool.AcquireAsync("second", default);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(new HeldLease("first", TimeSpan.FromSeconds(5)), pool.Status.LongestHeld);
        first.Dispose();
        Assert.Equal(new HeldLease("second", TimeSpan.FromSeconds(2)), pool.Status.LongestHeld);
    }

    [Fact]
    public async Task Status_ALeaseAfterAWait_CountsItsAgeFromTheGrant()
    {
        var pool = Pool(1);
        var first = await pool.AcquireAsync("first", default);
        var waiter = pool.AcquireAsync("second", default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(900));

        first.Dispose();
        using var second = await waiter.WithinGuard();

        Assert.Equal(new HeldLease("second", TimeSpan.Zero), pool.Status.LongestHeld);
    }

    private ConnectionPool Pool(int limit) => new(limit, WaitLimit, () => _store.Open(new ProfileReading()), _time);

    private static async Task<ConnectionLease[]> AcquireAllAsync(ConnectionPool pool, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => pool.AcquireAsync($"owner {i}", default).AsTask()));
}
