using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Faults;

/// <summary>
/// The mode <c>combined</c> on a fake clock, with scans of 2.1 s. The clock moves from event to event. Each event has its whole effect
/// before the next one.
/// </summary>
public sealed class CombinedModeTests : FailureSwitchFixture
{
    private int _started;
    private int _ok;
    private int _failed;

    public CombinedModeTests()
    {
        Store.Reading = cancellationToken => Task.Delay(TimeSpan.FromMilliseconds(2100), Time, cancellationToken);
        Switch.Set(Modes.Combined, ChangeSource.AdminApi);
    }

    [Fact]
    public async Task Combined_TwelveInARow_GivesEightSlowOksAndFourErrors()
    {
        var sending = SendAsync(requests: 12, concurrency: 1);

        await FollowAsync(
            (0, 1, 1, 0, 0, 1, 0),
            (2100, 2, 2, 1, 0, 1, 0),
            (3200, 2, 2, 1, 0, 2, 1), // first burst: one lease at once, the other after the scan
            (4200, 3, 2, 2, 0, 2, 1),
            (5200, 4, 2, 2, 1, 2, 1),
            (5900, 4, 3, 2, 1, 1, 0), // the burst ends
            (8000, 5, 4, 3, 1, 1, 0),
            (9100, 5, 4, 3, 1, 2, 1), // second burst
            (10100, 6, 4, 4, 1, 2, 1),
            (11100, 7, 4, 4, 2, 2, 1),
            (11800, 7, 5, 4, 2, 1, 0),
            (13900, 8, 6, 5, 2, 1, 0),
            (15000, 8, 6, 5, 2, 2, 1), // third burst
            (16000, 9, 6, 6, 2, 2, 1),
            (17000, 10, 6, 6, 3, 2, 1),
            (17700, 10, 7, 6, 3, 1, 0),
            (19800, 11, 8, 7, 3, 1, 0),
            (20900, 11, 8, 7, 3, 2, 1), // fourth burst
            (21900, 12, 8, 8, 3, 2, 1),
            (22900, 12, 8, 8, 4, 2, 0));

        await sending.WithinGuard();
        Assert.Equal((8, 4), (_ok, _failed));
    }

    [Fact]
    public async Task Combined_FiftyTenAtATime_GivesSixSlowOksAndFortyFourErrors()
    {
        var sending = SendAsync(requests: 50, concurrency: 10);

        await FollowAsync(
            (0, 10, 2, 0, 0, 2, 8),
            (1000, 18, 2, 0, 8, 2, 8),
            (2000, 26, 2, 0, 16, 2, 8),
            (2100, 28, 4, 2, 16, 2, 8),
            (3000, 34, 4, 2, 22, 2, 8),
            (3100, 36, 4, 2, 24, 2, 8),
            (3200, 36, 4, 2, 24, 2, 10), // the burst begins and queues behind eight requests
            (4000, 42, 4, 2, 30, 2, 10),
            (4100, 44, 4, 2, 32, 2, 10),
            (4200, 46, 4, 4, 32, 2, 10), // the burst gets its leases
            (5000, 50, 4, 4, 38, 2, 8),
            (5100, 50, 4, 4, 40, 2, 6),
            (5200, 50, 4, 4, 42, 2, 4),
            (5900, 50, 6, 4, 42, 2, 2), // the burst returns them
            (6000, 50, 6, 4, 44, 2, 0),
            (8000, 50, 6, 6, 44, 0, 0));

        await sending.WithinGuard();
        Assert.Equal((6, 44), (_ok, _failed));
    }

    [Fact]
    public async Task Combined_BeforeTheFirstRequest_HasNoBurst()
    {
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, Switch.Current.Pool.InUse);

        var entered = Switch.BeginRequest();
        Time.Advance(TimeSpan.FromSeconds(3.199));
        Assert.Equal(0, Switch.Current.Pool.InUse);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => entered.Pool.InUse == 2);
        Assert.Equal(ActivityExport.Owner, entered.Pool.LongestHeld?.Owner);
        entered.EndRequest();
    }

    [Fact]
    public async Task Combined_Burst_IsNoPartOfTheRequestThatCameFirst()
    {
        var flow = new AsyncLocal<string?> { Value = "request" };
        var seen = "nothing";
        Store.BeforeOpen = () => seen = flow.Value;
        var entered = Switch.BeginRequest();
        flow.Value = null;

        Time.Advance(TimeSpan.FromSeconds(3.2));

        await Eventually.TrueAsync(() => entered.Pool.InUse == 2);
        Assert.Null(seen);
        entered.EndRequest();
    }

    private Task SendAsync(int requests, int concurrency)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => SendInTurnAsync()));

        async Task SendInTurnAsync()
        {
            while (Interlocked.Increment(ref next) <= requests)
            {
                var entered = Switch.BeginRequest();
                try
                {
                    var reading = ReadAsync(entered);
                    Interlocked.Increment(ref _started);
                    await reading;
                    Interlocked.Increment(ref _ok);
                }
                catch (PoolTimeoutException)
                {
                    Interlocked.Increment(ref _failed);
                }
                finally
                {
                    entered.EndRequest();
                }
            }
        }
    }

    private async Task FollowAsync(params (int Ms, int Started, int Scans, int Ok, int Failed, int InUse, int Waiting)[] events)
    {
        var now = 0;
        foreach (var expected in events)
        {
            Time.Advance(TimeSpan.FromMilliseconds(expected.Ms - now));
            now = expected.Ms;
            await Eventually.EqualAsync(expected, Seen);
        }

        (int, int, int, int, int, int, int) Seen()
        {
            var pool = Switch.Current.Pool;
            return (
                now,
                Volatile.Read(ref _started),
                Store.Scans,
                Volatile.Read(ref _ok),
                Volatile.Read(ref _failed),
                pool.InUse,
                pool.Waiting);
        }
    }
}
