using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Profiles;

public sealed class ActivityImportTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeProfileStore _store = new();

    [Fact]
    public async Task RunAsync_ByTheClock_AddsItsRateUntilDisposed()
    {
        var pool = new ConnectionPool(2, TimeSpan.FromSeconds(1), () => _store.Open(new ProfileReading()), _time);
        var import = new ActivityImport(pool, _store, rate: 40, _time);
        var running = import.RunAsync();

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _store.Appended == 40);
        await Eventually.TrueAsync(() => pool.Status.InUse == 0);

        import.Dispose();
        await running.WithinGuard();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(40, _store.Appended);
    }

    [Fact]
    public async Task RunAsync_TableAtItsLimit_EndsForThisImportAndTheNext()
    {
        var pool = new ConnectionPool(2, TimeSpan.FromSeconds(1), () => _store.Open(new ProfileReading()), _time);
        using var import = new ActivityImport(pool, _store, rate: ActivityImport.MaxRows - 10, _time);
        var running = import.RunAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _store.Appended == ActivityImport.MaxRows - 10);
        await Eventually.TrueAsync(() => pool.Status.InUse == 0);
        Assert.False(import.IsFull);

        _time.Advance(TimeSpan.FromSeconds(1));
        await running.WithinGuard();

        Assert.True(import.IsFull);
        Assert.Equal(ActivityImport.MaxRows, _store.Appended);
        using var next = new ActivityImport(pool, _store, rate: 40, _time);
        running = next.RunAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await running.WithinGuard();
        Assert.True(next.IsFull);
        Assert.Equal(ActivityImport.MaxRows, _store.Appended);
    }
}
