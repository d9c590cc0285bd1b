using Bunit;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Pages;

/// <summary>The details of one signal.</summary>
public class SignalDetailTests : ComponentTest
{
    [Fact]
    public void Click_AnIssue_OpensItsLatestError()
    {
        Inbox.Add(new SentError { EventId = SentSignal.Id(1), Mode = "slow_query" }.Envelope(), SignalState.Local);
        var later = new SentError
        {
            EventId = SentSignal.Id(2),
            Mode = "combined",
            At = SentSignal.Start.AddSeconds(1),
            Breadcrumbs = ["Cache bypassed"],
        };
        Inbox.Add(later.Envelope(), SignalState.Local);
        var page = RenderLive<SignalsPage>();

        SignalsPageTests.Groups(page)[0].Click();
        Open(page);

        Assert.EndsWith($"/signals?event={SentSignal.Id(2)}", Get<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.StartsWith("PoolTimeoutException:", page.Find(".signal h3").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Tags of all 2 events", "Stack trace", "Breadcrumbs"], page.FindAll(".signal h4").Select(title => title.TextContent));
        Assert.Equal(
            ["combined 50 %", "slow_query 50 %"], page.FindAll(".tags li")[^1].QuerySelectorAll("span").Select(value => value.TextContent));
        Assert.Contains("ConnectionPool.AcquireAsync", page.Find(".frames li.in-app code").TextContent, StringComparison.Ordinal);
        Assert.Equal("Cache bypassed", page.FindAll(".signal tbody td")[2].TextContent);
        Assert.Equal("true", SignalsPageTests.Groups(page)[0].GetAttribute("aria-current"));
    }

    [Fact]
    public void DeepLink_ATimeout_ShowsItsNumbers()
    {
        Add(new SentError { EventId = SentSignal.Id(1), Waiting = 8 });

        Assert.Contains(
            ("pool.waiting", "8"),
            Link(SentSignal.Id(1)).FindAll(".facts div").Select(fact => (fact.Children[0].TextContent, fact.Children[1].TextContent)));
    }

    [Fact]
    public void DeepLink_ATransaction_OpensItsSpansAsAWaterfall()
    {
        var outer = new SentSpan("db.pool.wait", "Wait", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5));
        var inner = new SentSpan("db.query", "SELECT 1", TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1)) { Parent = outer.SpanId };
        Add(new SentTransaction
        {
            EventId = SentSignal.Id(7),
            Duration = TimeSpan.FromSeconds(2),
            HttpStatus = 500,
            DatabaseReads = 1,
            Spans = [outer, inner],
        });

        var page = Link(SentSignal.Id(7));

        Assert.Equal("GET /api/users/profile/{user_id}", page.Find(".signal h3").TextContent);
        Assert.Equal(
            ["http.server", "db.pool.wait", "db.query"], page.FindAll(".waterfall th b").Select(operation => operation.TextContent));
        Assert.Equal(
            ["margin-left: 25%; width: 50%", "margin-left: 50%; width: 25%"],
            page.FindAll(".waterfall .bar").Skip(1).Select(bar => bar.GetAttribute("style")));
        Assert.Contains(
            "db.reads: 1", page.FindAll(".facts div").Select(fact => $"{fact.Children[0].TextContent}: {fact.Children[1].TextContent}"));
        Assert.Empty(page.FindAll(".frames, .tags"));
    }

    [Fact]
    public void DeepLink_TheIdWithDashesOrInCapitals_IsNotLost()
    {
        Add(new SentError { EventId = Envelopes.EventId });

        Assert.NotNull(Link(Guid.Parse(Envelopes.EventId).ToString().ToUpperInvariant()).Find(".signal"));
    }

    [Theory]
    [InlineData("00000000000000000000000000000063")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void DeepLink_AnEventThatIsNotThere_SaysSo(string id) =>
        Assert.Equal("The inbox has no event with this id. It may have been evicted.", Link(id).Find(".detail [role=alert]").TextContent);

    [Fact]
    public void Raw_OfAnEvent_IsItsPayloadIndentedAndItsAddress()
    {
        Add(new SentError { EventId = SentSignal.Id(1), Message = "<b>ünsafe</b>" });
        var page = Link(SentSignal.Id(1));

        page.Find("details.raw summary").Click();

        Assert.Contains("\n  \"event_id\": \"00000000000000000000000000000001\"", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Contains("<b>ünsafe</b>", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll(".signal b"), bold => bold.TextContent == "ünsafe");
        Assert.Equal($"api/signals/events/{SentSignal.Id(1)}", page.Find(".raw a").GetAttribute("href"));
    }

    [Fact]
    public void Opened_TheInboxLetsItGo_StaysOpen()
    {
        Add(new SentError { EventId = SentSignal.Id(1) });
        var page = Link(SentSignal.Id(1));

        Inbox.Clear();
        Advance(1);

        Assert.NotNull(page.Find(".signal .frames"));
        Assert.Empty(SignalsPageTests.Groups(page));
    }

    [Fact]
    public void Opened_AnotherOne_ReplacesItWithItsJsonClosed()
    {
        Add(new SentError { EventId = SentSignal.Id(1) });
        Add(new SentTransaction { EventId = SentSignal.Id(2) });
        var page = Link(SentSignal.Id(1));
        page.Find("details.raw summary").Click();

        SignalsPageTests.Groups(page)[^1].Click();
        Open(page);

        Assert.NotNull(page.Find(".signal .waterfall"));
        Assert.Empty(page.FindAll("pre"));
    }

    private void Add(SentSignal signal) => Inbox.Add(signal.Envelope(), SignalState.Local);

    private IRenderedComponent<LiveSnapshot> Link(string id)
    {
        Get<NavigationManager>().NavigateTo($"/signals?event={id}");
        return RenderLive<SignalsPage>();
    }

    // Without the router, the page sees a changed address only at the next second.
    private void Open(IRenderedComponent<LiveSnapshot> page)
    {
        Advance(1);
        Assert.NotNull(page.Find(".signal"));
    }
}
