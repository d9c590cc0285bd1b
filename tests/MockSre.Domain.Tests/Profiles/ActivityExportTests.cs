using System.Data.Common;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Profiles;

public sealed class ActivityExportTests
{
    private static readonly TimeSpan Free = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeProfileStore _store = new();

    [Theory]
    [InlineData(20, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    public void Prepare_AnyLimit_TakesTwoOrAllThereAre(int limit, int expected)
    {
        var pool = Pool(limit);
        using var export = new ActivityExport(pool, 2, TimeSpan.Zero, TimeSpan.Zero, _time);

        export.Prepare();

        Assert.Equal(expected, pool.Status.InUse);
        Assert.Equal("activity-export", pool.Status.LongestHeld?.Owner);
    }

    [Fact]
    public void Prepare_InBursts_TakesNothing()
    {
        var pool = Pool(2);
        using var export = new ActivityExport(pool, 2, Free, Held, _time);

        export.Prepare();

        Assert.Equal(0, pool.Status.InUse);
    }

    [Fact]
    public void Prepare_NotTheFirstUser_Throws()
    {
        var pool = Pool(2);
        using var lease = pool.TryAcquire("somebody");
        using var export = new ActivityExport(pool, 2, TimeSpan.Zero, TimeSpan.Zero, _time);

        Assert.Throws<InvalidOperationException>(export.Prepare);
    }

    [Fact]
    public void Dispose_Holding_GivesEverythingBack()
    {
        var pool = Pool(2);
        var export = new ActivityExport(pool, 2, TimeSpan.Zero, TimeSpan.Zero, _time);
        export.Prepare();

        export.Dispose();

        Assert.Equal(0, pool.Status.InUse);
    }

    [Fact]
    public async Task RunBurstsAsync_FreePool_TakesAndGivesByTheClock()
    {
        var pool = Pool(2);
        using var export = new ActivityExport(pool, 2, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());

        for (var burst = 0; burst < 3; burst++)
        {
            Assert.Equal(0, pool.Status.InUse);
            _time.Advance(Free);
            await Eventually.TrueAsync(() => pool.Status.InUse == 2);
            _time.Advance(Held);
            await Eventually.TrueAsync(() => pool.Status.InUse == 0);
        }

        export.Dispose();
        await running.WithinGuard();
    }

    [Fact]
    public async Task RunBurstsAsync_ServedLate_StillEndsByTheClock()
    {
        var pool = Pool(1);
        using var export = new ActivityExport(pool, 1, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());
        var lease = pool.TryAcquire("somebody")!;
        _time.Advance(Free);
        await Eventually.TrueAsync(() => pool.Status.Waiting == 1);

        _time.Advance(Held - TimeSpan.FromMilliseconds(1));
        lease.Dispose();
        await Eventually.TrueAsync(() => pool.Status.LongestHeld?.Owner == ActivityExport.Owner);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Eventually.TrueAsync(() => pool.Status.InUse == 0);
        export.Dispose();
        await running.WithinGuard();
    }

    [Fact]
    public async Task RunBurstsAsync_BegunLate_StillEndsByTheClock()
    {
        var pool = Pool(2);
        using var export = new ActivityExport(pool, 2, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());
        _time.Advance(Free + TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => pool.Status.InUse == 2);

        _time.Advance(Held - TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => pool.Status.InUse == 0);
        export.Dispose();
        await running.WithinGuard();
    }

    [Fact]
    public async Task RunBurstsAsync_EndNoticedLate_BeginsTheNextByTheClock()
    {
        var pool = Pool(2);
        using var export = new ActivityExport(pool, 2, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());
        _time.Advance(Free);
        await Eventually.TrueAsync(() => pool.Status.InUse == 2);
        _time.Advance(Held + TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => pool.Status.InUse == 0);

        _time.Advance(Free - TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => pool.Status.InUse == 2);
        export.Dispose();
        await running.WithinGuard();
    }

    [Fact]
    public async Task RunBurstsAsync_DatabaseCannotBeOpened_TriesAgainAtTheNextBurst()
    {
        var failed = 0;
        _store.BeforeOpen = () => throw new FakeDatabaseException(Interlocked.Increment(ref failed));
        var pool = Pool(2);
        using var export = new ActivityExport(pool, 2, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());
        _time.Advance(Free);
        await Eventually.TrueAsync(() => Volatile.Read(ref failed) == 2);
        Assert.Equal(0, pool.Status.InUse);

        _store.BeforeOpen = () => { };
        _time.Advance(Held);
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return pool.Status.InUse == 2;
        });

        Assert.Equal(2, failed);
        export.Dispose();
        await running.WithinGuard();
    }

    [Fact]
    public async Task RunBurstsAsync_NeverServed_LeavesTheQueueWhenTheBurstIsOver()
    {
        var pool = Pool(1);
        using var export = new ActivityExport(pool, 1, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());
        using var lease = pool.TryAcquire("somebody");
        _time.Advance(Free);
        await Eventually.TrueAsync(() => pool.Status.Waiting == 1);

        _time.Advance(Held);

        await Eventually.TrueAsync(() => pool.Status.Waiting == 0);
        Assert.Equal(0, pool.Status.Timeouts);
        export.Dispose();
        await running.WithinGuard();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Dispose_AnyTimeInTheCycle_EndsTheLoopAndGivesEverythingBack(int seconds)
    {
        var pool = Pool(2);
        var export = new ActivityExport(pool, 2, Free, Held, _time);
        var running = export.RunBurstsAsync(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(seconds));

        export.Dispose();

        await running.WithinGuard();
        Assert.Equal((0, 0), (pool.Status.InUse, pool.Status.Waiting));
    }

    private ConnectionPool Pool(int limit) => new(limit, TimeSpan.FromSeconds(1), () => _store.Open(new ProfileReading()), _time);

    private sealed class FakeDatabaseException(int number) : DbException($"Opening failed the {number}th time");
}
