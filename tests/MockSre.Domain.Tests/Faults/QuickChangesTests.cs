using MockSre.Domain.Faults;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

public sealed class QuickChangesTests : FailureSwitchFixture
{
    private const int Readers = 8;

    [Fact]
    public async Task Set_TenTimesWhileManyRead_EndsWithEverythingDrainedAndClosed()
    {
        // Requests wait only in the small pool. The fake clock ends these waits, so a loop advances it.
        Settings = new ServiceSettings { PoolLimit = Readers };
        Store.Reading = async _ => await Task.Yield();
        _ = Switch;
        using var stop = new CancellationTokenSource();
        var read = 0;
        var reading = Task.WhenAll(Enumerable.Range(1, Readers).Select(user => Task.Run(() => ReadOnAsync(user), CancellationToken.None)));
        var ticking = Task.Run(TickOnAsync, CancellationToken.None);

        for (var change = 1; change <= 10; change++)
        {
            var before = Volatile.Read(ref read);
            Switch.Set(Modes.All[change % Modes.All.Count], ChangeSource.AdminApi);
            await Eventually.TrueAsync(() => Volatile.Read(ref read) >= before + Readers);
        }

        await stop.CancelAsync();
        await Task.WhenAll(reading, ticking).WithinGuard();
        Assert.Equal("none", Switch.Current.Label);
        Assert.Empty(Switch.Draining);
        Assert.Equal((0, 0), (Switch.Current.Pool.InUse, Switch.Current.Pool.Waiting));

        Switch.Dispose();
        await Eventually.TrueAsync(() => Store.Undisposed == 0);
        Assert.NotEmpty(Store.Opened);

        async Task ReadOnAsync(int user)
        {
            while (!stop.IsCancellationRequested)
            {
                var entered = Switch.BeginRequest();
                try
                {
                    await ReadAsync(entered, user).WithinGuard();
                }
                catch (PoolTimeoutException)
                {
                    Assert.Equal(SmallPoolFault.CutLimit, entered.Traits[SmallPoolFault.Limit]);
                }
                finally
                {
                    entered.EndRequest();
                    Interlocked.Increment(ref read);
                }

                // A cache hit never waits. Without this, few threads could not serve all readers.
                await Task.Yield();
            }
        }

        async Task TickOnAsync()
        {
            while (!reading.IsCompleted)
            {
                Time.Advance(TimeSpan.FromMilliseconds(50));
                await Task.Yield();
            }
        }
    }
}
