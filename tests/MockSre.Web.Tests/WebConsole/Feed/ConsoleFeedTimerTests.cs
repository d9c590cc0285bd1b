using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Faults;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.Tests.WebConsole.Feed;

/// <summary>Without an open console, no timer runs.</summary>
public class ConsoleFeedTimerTests : ComponentTest
{
    private readonly CountingClock _clock = new();

    [Fact]
    public void Subscribe_SeveralWatchers_ShareOneTimer()
    {
        using var feed = Create();
        using var one = feed.Subscribe(_ => { });
        using var other = feed.Subscribe(_ => { });

        Assert.Equal((1, 1), (_clock.Running, _clock.Made));
    }

    [Fact]
    public void Dispose_OfOneOfTwo_GoesOnForTheOther()
    {
        using var feed = Create();
        var told = 0;
        var one = feed.Subscribe(_ => { });
        using var other = feed.Subscribe(_ => told++);

        one.Dispose();
        one.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 1, 1), (feed.Watchers, _clock.Running, told));
    }

    [Fact]
    public void Dispose_OfTheLast_StopsAndTheNextStartsAgain()
    {
        using var feed = Create();
        var told = 0;
        feed.Subscribe(_ => told++).Dispose();
        Assert.Equal((0, 0), (feed.Watchers, _clock.Running));

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, told);

        using var again = feed.Subscribe(_ => told++);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1, 1), (feed.Watchers, _clock.Running, told));
    }

    [Fact]
    public void Subscribe_AfterAPause_BeginsWithWhatIsNow()
    {
        using var feed = Create();
        feed.Subscribe(_ => { }).Dispose();
        Failures.Set(Domain.Faults.Modes.Combined, Domain.Faults.ChangeSource.AdminApi);

        using var again = feed.Subscribe(_ => { });

        Assert.Equal("combined", feed.Current.Change.To);
    }

    [Fact]
    public void Dispose_OfTheFeed_StopsItForGood()
    {
        var feed = Create();
        var told = 0;
        using var before = feed.Subscribe(_ => told++);

        feed.Dispose();
        using var after = feed.Subscribe(_ => told++);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((0, 0), (_clock.Running, told));
    }

    private ConsoleFeed Create() =>
        new(Failures, Metrics, Loads, Inbox, Get<SignalExpectations>(), Get<CurrentRun>(), _clock, Get<ObserverLog>());

    private sealed class CountingClock : FakeTimeProvider
    {
        public int Made { get; private set; }

        public int Running { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Made++;
            Running++;
            return new CountedTimer(base.CreateTimer(callback, state, dueTime, period), () => Running--);
        }

        private sealed class CountedTimer(ITimer timer, Action stopped) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                stopped();
                timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
