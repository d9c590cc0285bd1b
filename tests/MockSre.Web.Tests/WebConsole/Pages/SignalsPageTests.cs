using AngleSharp.Dom;
using Bunit;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Pages;

/// <summary>The list of signals in the inbox.</summary>
public class SignalsPageTests : ComponentTest
{
    [Fact]
    public void Render_InboxOff_SaysSoAndOffersNothing()
    {
        Settings = Settings with { SignalInbox = false };

        var page = RenderLive<SignalsPage>();

        Assert.Contains("SIGNAL_INBOX=false", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public void Render_InboxEmpty_SaysHowToFillIt()
    {
        var page = RenderLive<SignalsPage>();

        Assert.Equal(["Issues (0)", "Transactions", "Details"], page.FindAll("h2").Select(title => title.TextContent));
        Assert.Contains("No errors.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("None yet. Fire some requests.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ErrorsOfOneKind_AreOneIssue()
    {
        Add(new SentError { At = SentSignal.Start }, new SentError { At = SentSignal.Start.AddSeconds(5), Release = "c95a017" });

        var issue = Assert.Single(Groups(RenderLive<SignalsPage>()));

        Assert.Equal("PoolTimeoutException: No database connection became free in time", issue.QuerySelector(".title")!.TextContent);
        Assert.Equal(
            "ConnectionPool.AcquireAsync · 10:00:00 to 10:00:05 UTC · release c95a017, d40f3b2",
            issue.QuerySelector(".note")!.TextContent);
        Assert.Equal("2", issue.QuerySelector(".many")!.TextContent);
    }

    [Fact]
    public void Render_Transactions_AreGroupedByNameWithTheSlowestFirst()
    {
        Add([.. Enumerable.Range(1, 12).Select(ms =>
            new SentTransaction { Duration = TimeSpan.FromMilliseconds(ms), HttpStatus = ms == 12 ? 500 : 200 })]);

        var page = RenderLive<SignalsPage>();

        Assert.Equal("GET /api/users/profile/{user_id}", page.FindAll("h2")[1].TextContent);
        Assert.Equal("12 transactions, p50 6.0 ms, p95 12 ms, 8.3 % failed. Slowest:", page.FindAll("p.lead")[1].TextContent.Trim());
        var slowest = Groups(page);
        Assert.Equal(SignalGroups.Slowest, slowest.Count);
        Assert.Equal(["12 ms", "11 ms", "10 ms", "9.0 ms"], slowest.Take(4).Select(one => one.QuerySelector(".title")!.TextContent));
        Assert.StartsWith("500 · ", slowest[0].QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Render_MoreIssuesThanAreShown_SaysHowMany(int more)
    {
        Add([.. Enumerable.Range(0, SignalsPage.MaxGroups + more).Select(number =>
            new SentError { ExceptionType = $"Made.Up{number}Exception" })]);

        var page = RenderLive<SignalsPage>();

        Assert.Equal(SignalsPage.MaxGroups, Groups(page).Count);
        Assert.Equal(more > 0, page.Markup.Contains("1 more issues are not shown.", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_MoreTransactionNamesThanAreShown_SaysHowMany()
    {
        Add([.. Enumerable.Range(0, SignalsPage.MaxGroups + 2).Select(number => new SentTransaction { Transaction = $"GET /{number}" })]);

        var page = RenderLive<SignalsPage>();

        Assert.Contains("2 more transaction names are not shown.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MessagesThatBeginAlike_AreTwoIssuesAndNoMistake()
    {
        AddMessage("late\nby 1 s");
        AddMessage("late\nby 2 s");
        var page = RenderLive<SignalsPage>();

        AddMessage("late\nby 3 s");
        Advance(1);

        Assert.Equal(["late", "late", "late"], Groups(page).Select(issue => issue.QuerySelector(".title")!.TextContent));
    }

    [Fact]
    public void NewSignals_Live_ComeWithTheNextSecond()
    {
        var page = RenderLive<SignalsPage>();

        Add(new SentError());
        Advance(1);

        Assert.Single(Groups(page));
        Assert.Equal("live", page.Find(".page-head .lead").TextContent);
    }

    [Fact]
    public void Pause_NewSignalsCome_ShowsThemOnlyAfterGoingOn()
    {
        var page = RenderLive<SignalsPage>();

        Button(page, "Pause").Click();
        Add(new SentError());
        Advance(2);

        Assert.Empty(Groups(page));
        Assert.Equal("paused at 10:00:00 UTC", page.Find(".page-head .lead").TextContent);
        Assert.Equal("true", Button(page, "Resume").GetAttribute("aria-pressed"));

        Button(page, "Resume").Click();
        Assert.Single(Groups(page));
    }

    [Fact]
    public void Render_EnvelopesThatHadToGo_AreSaid()
    {
        for (var i = 0; i < SignalInbox.MaxEnvelopes + 3; i++)
        {
            Inbox.Add(Envelopes.OfSize(40), SignalState.Local);
        }

        Assert.Equal("live; 3 older envelopes evicted", RenderLive<SignalsPage>().Find(".page-head .lead").TextContent);
    }

    [Fact]
    public void Empty_Allowed_EmptiesItAtOnce()
    {
        Add(new SentError());
        var page = RenderLive<SignalsPage>();

        Button(page, "Clear inbox").Click();

        Assert.Empty(Groups(page));
        Assert.Equal(0, Inbox.Counts.Held);
    }

    [Fact]
    public async Task Empty_NotAllowed_IsDisabledAndDoesNothing()
    {
        Settings = Settings with { Environment = ServiceEnvironment.Local };
        Add(new SentError());
        var page = RenderLive<SignalsPage>();
        Assert.True(Button(page, "Clear inbox").HasAttribute("disabled"));

        Assert.Equal(ConsoleRights.OnlyInDemo, await Actions.EmptyInboxAsync());

        Assert.Equal(1, Inbox.Counts.Held);
    }

    internal static IReadOnlyList<IElement> Groups(IRenderedComponent<LiveSnapshot> page) => [.. page.FindAll(".groups button")];

    private static IElement Button(IRenderedComponent<LiveSnapshot> page, string name) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == name);

    private void Add(params SentSignal[] signals)
    {
        foreach (var signal in signals)
        {
            Inbox.Add(signal.Envelope(), SignalState.Local);
        }
    }

    private void AddMessage(string message) =>
        Inbox.Add(
            Envelopes.Of("event", System.Text.Json.JsonSerializer.Serialize(
                new { event_id = Guid.NewGuid().ToString("N"), logentry = new { formatted = message } })),
            SignalState.Local);
}
