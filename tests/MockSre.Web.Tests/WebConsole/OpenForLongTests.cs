using Bunit;
using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>A console stays open for fifteen minutes while the service has traffic.</summary>
public class OpenForLongTests : ComponentTest
{
    [Fact]
    public void Console_AfterFifteenMinutesOfTraffic_IsNoLargerThanAfterFive()
    {
        var console = RenderLive<ConsolePage>();
        LetPass(300);
        var before = Sizes(console);

        LetPass(600);

        Assert.Equal(before, Sizes(console));
    }

    private (int Elements, int Watchers, int Seconds, int Recent, int Markers) Sizes(IRenderedComponent<LiveSnapshot> console) => (
        console.FindAll("*").Count, Feed.Watchers, Feed.Current.Metrics.Seconds.Count, Feed.Current.Metrics.Recent.Count,
        Feed.Current.Chart.Markers.Count);

    private void LetPass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Request(second % 10 == 0 ? 500 : 200, 5 + (second % 7), CacheOutcome.Hit);
            if (second % 60 == 0)
            {
                Failures.Set(Domain.Faults.Modes.None, Domain.Faults.ChangeSource.AdminApi);
                Inbox.Add(new SentError { EventId = SentSignal.Id(second) }.Envelope(), SignalState.Local);
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
