using Bunit;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Incidents;

/// <summary>If a token is required, the console shows a visitor who has not signed in no more than the API does.</summary>
public class StrangerViewTests : ComponentTest
{
    public StrangerViewTests() => Settings = Settings with { AdminToken = Token };

    [Fact]
    public async Task Render_AClosedRunToAStranger_ShowsTheScoreAndNothingOfTheTruth()
    {
        var page = Show(await KeepAsync());

        Assert.Equal(5, page.FindAll(".score .parts tbody tr").Count);
        Assert.Contains("Sign in to see the answer", page.Find(".locked").TextContent, StringComparison.Ordinal);
        Assert.Equal("sign-in", page.Find(".locked a").GetAttribute("href"));
        Assert.Empty(page.FindAll(".truth, .said, a[download]"));
        var plan = Scenarios.IncidentB;
        Assert.All(
            plan.Key.CausalChain
                .Concat([plan.Title, plan.Summary, plan.Scenario])
                .Concat(["fault deployed", "impact confirmed", "injected", "witnessed", "armed", "by the investigator"]),
            word => Assert.DoesNotContain(word, page.Markup, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Render_AClosedRunToWhoSignedIn_ShowsAllUntilTheSessionEnds()
    {
        var session = Sessions.Open();
        Person.ComeWith(session);
        var page = Show(await KeepAsync());
        Assert.Single(page.FindAll(".truth"));
        Assert.Single(page.FindAll("a[download]"));

        Sessions.Close(session);
        Advance(1);

        Assert.Empty(page.FindAll(".truth, .said, a[download]"));
    }

    [Fact]
    public async Task List_ToAStranger_NeedsSignIn()
    {
        await KeepAsync();
        var page = RenderLive<IncidentsPage>();

        Assert.Equal("Sign in to see the runs.", page.Find(".history .lead").TextContent);
        Assert.Equal("sign-in", page.Find(".history a").GetAttribute("href"));
        Assert.Empty(page.FindAll(".history table"));
    }

    [Fact]
    public async Task Render_AnOpenRunToAStranger_HasTheInvestigatorsViewAlone()
    {
        var run = await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)));
        var page = Show(run.Incident);

        Assert.Single(page.FindAll(".evidence"));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Presenter");
    }

    [Fact]
    public async Task Presenter_WhoseSessionEnds_IsShownTheInvestigatorsView()
    {
        var session = Sessions.Open();
        Person.ComeWith(session);
        var page = Show((await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)))).Incident);
        page.FindAll("button").Single(button => button.TextContent == "Presenter").Click();
        Assert.Single(page.FindAll(".truth"));

        Sessions.Close(session);
        Advance(1);

        Assert.Empty(page.FindAll(".truth"));
        Assert.DoesNotContain("fault deployed", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<LiveSnapshot> Show(IncidentRecord incident) =>
        RenderLive<IncidentPage>(page => page.Add(it => it.Id, incident.Id));

    private async Task<IncidentRecord> KeepAsync()
    {
        var incident = IncidentRecords.Closed();
        await Store.CreateAsync(IncidentHeader.Of(incident, null), incident.Plan);
        await Store.AppendAsync(
            incident.Id,
            [.. incident.States, .. incident.Deploys, incident.Alert!, .. incident.Actions, .. incident.Diagnoses, .. incident.Seconds]);
        await Store.UpdateAsync(IncidentRecords.HeaderOf(incident));
        return incident;
    }
}
