using MockSre.Domain.Failures;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Failures;

/// <summary>
/// The incident's timeline by the clock. The scan lasts one millisecond less than 2 s, so that no two events fall on the same
/// instant; the clock goes from event to event, and each must have had its whole effect before the next.
/// </summary>
public sealed class CombinedModeTests : FailureSwitchFixture
{
    private int _started;
    private int _ok;
    private int _failed;

    public CombinedModeTests()
    {
        Store.Reading = cancellationToken => Task.Delay(TimeSpan.FromMilliseconds(1999), Time, cancellationToken);
        Switch.Set(FailureMode.Combined, ChangeSource.AdminApi);
    }

    [Fact]
    public async Task Combined_TwelveInARow_GivesEightSlowOksAndFourErrors()
    {
        var sending = SendAsync(requests: 12, concurrency: 1);

        await FollowAsync(
            (0, 1, 1, 0, 0, 1, 0),
            (1999, 2, 2, 1, 0, 1, 0),
            (3200, 2, 2, 1, 0, 2, 1), // first burst: one lease at once, one after the scan
            (3998, 3, 2, 2, 0, 2, 1),
            (4998, 4, 2, 2, 1, 2, 1),
            (5900, 4, 3, 2, 1, 1, 0), // free again
            (7899, 5, 4, 3, 1, 1, 0),
            (9100, 5, 4, 3, 1, 2, 1), // second burst
            (9898, 6, 4, 4, 1, 2, 1),
            (10898, 7, 4, 4, 2, 2, 1),
            (11800, 7, 5, 4, 2, 1, 0),
            (13799, 8, 6, 5, 2, 1, 0),
            (15000, 8, 6, 5, 2, 2, 1), // third burst
            (15798, 9, 6, 6, 2, 2, 1),
            (16798, 10, 6, 6, 3, 2, 1),
            (17700, 10, 7, 6, 3, 1, 0),
            (19699, 11, 8, 7, 3, 1, 0),
            (20900, 11, 8, 7, 3, 2, 1), // fourth burst
            (21698, 12, 8, 8, 3, 2, 1),
            (22698, 12, 8, 8, 4, 2, 0));

        await sending.WithinGuard();
        Assert.Equal((8, 4), (_ok, _failed));
    }

    [Fact]
    public async Task Combined_FiftyTenAtATime_GivesEightSlowOksAndFortyTwoErrors()
    {
        var sending = SendAsync(requests: 50, concurrency: 10);

        await FollowAsync(
            (0, 10, 2, 0, 0, 2, 8),
            (1000, 18, 2, 0, 8, 2, 8),
            (1999, 20, 4, 2, 8, 2, 8),
            (2000, 26, 4, 2, 14, 2, 8),
            (2999, 28, 4, 2, 16, 2, 8),
            (3000, 34, 4, 2, 22, 2, 8),
            (3200, 34, 4, 2, 22, 2, 10), // the burst begins, behind eight requests in the queue
            (3998, 36, 6, 4, 22, 2, 10),
            (3999, 36, 6, 4, 22, 2, 10),
            (4000, 42, 6, 4, 28, 2, 10),
            (4998, 44, 6, 4, 30, 2, 10),
            (5000, 50, 6, 4, 36, 2, 10),
            (5900, 50, 6, 4, 36, 2, 8), // and ends without ever having got a lease
            (5997, 50, 8, 6, 36, 2, 6),
            (5998, 50, 8, 6, 36, 2, 6),
            (6000, 50, 8, 6, 42, 2, 0),
            (7996, 50, 8, 8, 42, 0, 0));

        await sending.WithinGuard();
        Assert.Equal((8, 42), (_ok, _failed));
    }

    [Fact]
    public async Task Combined_BeforeTheFirstRequest_HasNoBurst()
    {
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, Switch.Current.Pool.InUse);

        var entered = Switch.Enter();
        Time.Advance(TimeSpan.FromSeconds(3.199));
        Assert.Equal(0, Switch.Current.Pool.InUse);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => entered.Pool.InUse == 2);
        Assert.Equal(ActivityExport.Owner, entered.Pool.LongestHeld?.Owner);
        entered.Leave();
    }

    private Task SendAsync(int requests, int concurrency)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => SendInTurnAsync()));

        async Task SendInTurnAsync()
        {
            while (Interlocked.Increment(ref next) <= requests)
            {
                var entered = Switch.Enter();
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
                    entered.Leave();
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
            return (now, Volatile.Read(ref _started), Store.Scans, Volatile.Read(ref _ok), Volatile.Read(ref _failed), pool.InUse, pool.Waiting);
        }
    }
}
