using Bunit;
using MockSre.Domain.Faults;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class ExpectationListTests : ComponentTest
{
    [Fact]
    public void Render_AModeWithoutRequests_AwaitsItsStatements()
    {
        var list = Show();

        Assert.Equal("Mode none since 10:00:00 UTC, 0 requests", list.Find(".lead").TextContent.Trim());
        Assert.Equal(
            ["No error event.", "No transaction of 1 s or more."], list.FindAll(".statement").Select(statement => statement.TextContent));
        Assert.All(list.FindAll(".checks > li"), row => Assert.Equal("pending", row.ClassName));
        Assert.Equal("pending, 0 observed", list.Find(".note").TextContent.Trim());
        Assert.Empty(list.FindAll("a, details, .bad"));
    }

    [Fact]
    public void Render_EvidenceThatCame_LinksToTheLatest()
    {
        Failures.Set(Modes.PoolSaturation, ChangeSource.AdminApi);
        Get<SignalExpectations>();
        Inbox.Add(new SentError { Deployment = 2, EventId = SentSignal.Id(1) }.Envelope(), SignalState.Dropped);

        var list = Show();

        var row = Assert.Single(list.FindAll(".checks > li.witnessed"));
        Assert.Contains("seen, 1 observed", row.TextContent, StringComparison.Ordinal);
        var link = Assert.Single(list.FindAll("a"));
        Assert.Equal($"signals?event={SentSignal.Id(1)}", link.GetAttribute("href"));
        Assert.StartsWith("Latest evidence: Error events PoolTimeoutException", link.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal("1 envelope did not reach Sentry.", list.Find("p.bad").TextContent);
        Assert.Equal(["Error alert", "Suspect commits"], list.FindAll(".wants b").Select(feature => feature.TextContent));
    }

    [Fact]
    public void Render_AnErrorInAHealthyMode_IsAbsentOfWhatWasStated()
    {
        Get<SignalExpectations>();
        Inbox.Add(new SentError { Deployment = 1 }.Envelope(), SignalState.Local);

        Assert.Contains("absent, 1 observed", Show().Find(".checks > li.absent").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WhatCannotBeTold_SaysWhy()
    {
        Settings = Settings with { SignalInbox = false };

        Assert.Contains("unavailable: the inbox is off", Show().Find(".checks > li.unavailable").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ADeploymentOfNoMode_ExpectsNothingInParticular()
    {
        Failures.Publish(new DeploymentPlan(Failures.Current.Traits, null, "e18c5a9"), ChangeSource.AdminApi);

        var list = Show();

        Assert.Contains("Mode without a name", list.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Contains("no expected signals", list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SlowQueries_SayHowManyMoreSentryWants()
    {
        Failures.Set(Modes.SlowQuery, ChangeSource.AdminApi);

        Assert.Contains("0 so far, about 100 requests to go", Show().Find(".wants").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<ExpectationList> Show() =>
        Render<ExpectationList>(it => it.Add(list => list.Report, Get<SignalExpectations>().Report()));
}
