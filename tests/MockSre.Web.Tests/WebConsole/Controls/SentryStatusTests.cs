using Bunit;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class SentryStatusTests : ComponentTest
{
    [Fact]
    public void Render_WithoutDsn_SaysThatSignalsStayInTheInbox()
    {
        Inbox.Add(new SentError().Envelope(), SignalState.Local);
        Inbox.Add(new SentTransaction().Envelope(), SignalState.Local);

        Assert.Equal(
            ["Sends to: the inbox only", "Release: d40f3b2", "Environment: demo", "Errors: 1", "Transactions: 1", "Dropped: 0"], Facts());
    }

    [Fact]
    public void Render_WithoutDsnAndInbox_SaysSo()
    {
        Settings = Settings with { SignalInbox = false };

        Assert.Equal("Sends to: nowhere (the inbox is off)", Facts()[0]);
    }

    [Fact]
    public void Render_WithADsn_NamesTheHostAndNeverTheKey()
    {
        Settings = Settings with { SentryDsn = new Uri("https://secretkey@o1.sentry.example:9000/42") };

        var facts = Facts("1.2.3");

        Assert.Equal(["Sends to: o1.sentry.example:9000", "Release: 1.2.3"], facts.Take(2));
        Assert.DoesNotContain("secretkey", string.Concat(facts), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SignalsThatNeverArrived_AreAlarming()
    {
        Settings = Settings with { SentryDsn = new Uri("https://key@sentry.example/42") };
        Inbox.Add(new SentError().Envelope(), SignalState.Sent);
        Inbox.Add(new SentError().Envelope(), SignalState.Queued);
        Inbox.Add(new SentError().Envelope(), SignalState.Refused);
        Inbox.Add(new SentError().Envelope(), SignalState.Dropped);
        Inbox.Add(SentReport.Of("queue_overflow", "error", 6), SignalState.Sent);

        var status = Show();

        Assert.Equal(["Sent: 2", "Queued: 1", "Refused: 1", "Dropped: 7"], Facts().Skip(5));
        Assert.Equal(["Refused", "Dropped"], status.FindAll(".bad dt").Select(name => name.TextContent));
    }

    private IReadOnlyList<string> Facts(string release = "d40f3b2") =>
        [.. Show(release).FindAll(".facts > div").Select(
            fact => $"{fact.FirstElementChild!.TextContent}: {fact.LastElementChild!.TextContent}")];

    private IRenderedComponent<SentryStatus> Show(string release = "d40f3b2") =>
        Render<SentryStatus>(it => it.Add(status => status.Counts, Inbox.Counts).Add(status => status.Release, release));
}
