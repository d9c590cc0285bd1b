using Bunit;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Running;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Incidents;

/// <summary>While a run is open, the investigator's view hides the truth and the presenter's view shows it.</summary>
public class InvestigatorViewTests : ComponentTest
{
    [Fact]
    public async Task Render_AnOpenRun_OpensWithoutAWordOfTheTruth()
    {
        var run = await StartAsync();
        var page = RenderPage(run);

        AssertHidesTheTruth(page);
        foreach (var tab in new[] { "Deploys", "Config", "Metrics", "Signals", "Logs", "Commits" })
        {
            page.FindAll(".evidence .choice").Single(choice => choice.TextContent == tab).Click();
            AssertHidesTheTruth(page);
        }
    }

    [Fact]
    public async Task Toggle_ToThePresenterAndBack_ShowsTheTruthAndHidesIt()
    {
        var page = RenderPage(await StartAsync());

        View(page, "Presenter");
        var truth = page.Find(".truth").TextContent;
        Assert.All(
            Scenarios.IncidentB.Key.CausalChain.Append(Scenarios.IncidentB.Title).Append(Scenarios.IncidentB.Summary),
            word => Assert.Contains(word, truth, StringComparison.Ordinal));
        Assert.Contains("fault deployed", page.Find(".steps").TextContent, StringComparison.Ordinal);

        View(page, "Investigator");
        AssertHidesTheTruth(page);
    }

    [Fact]
    public async Task Badge_WhileARunIsOpen_NamesTheReleaseAndNotTheScenario()
    {
        await StartAsync();
        var badge = RenderLive<MockSre.Web.WebConsole.Layout.ModeBadge>();

        Assert.Equal($"Incident, release {Failures.LastChange.Release}", badge.Find("[role=status]").TextContent);
        Assert.DoesNotContain("incident_b", badge.Markup, StringComparison.Ordinal);
        Assert.Empty(badge.FindAll(".broken, .healthy"));
    }

    [Fact]
    public async Task History_WhileARunIsOpen_DoesNotTellWhatItIsAbout()
    {
        await StartAsync();
        var row = RenderLive<IncidentsPage>().Find(".history tbody tr").TextContent;

        Assert.Contains("open", row, StringComparison.Ordinal);
        Assert.DoesNotContain(Scenarios.IncidentB.Title, row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markers_OfDeploysOfARun_AreNamedByTheirReleases()
    {
        await StartAsync();
        Advance(1);

        var labels = string.Join(", ", Feed.Current.Chart.Markers.Select(marker => marker.Label));
        Assert.Contains(Failures.LastChange.Release, labels, StringComparison.Ordinal);
        Assert.DoesNotContain("incident_b", labels, StringComparison.Ordinal);
    }

    private static void View(IRenderedComponent<LiveSnapshot> page, string name) =>
        page.FindAll(".page-head .choice").Single(choice => choice.TextContent == name).Click();

    private static void AssertHidesTheTruth(IRenderedComponent<LiveSnapshot> page)
    {
        var plan = Scenarios.IncidentB;
        var words = plan.Key.CausalChain
            .Concat([plan.Title, plan.Summary, plan.Scenario])
            .Concat(["fault deployed", "impact confirmed", "injected", "witnessed", "armed", "fault,", "truth", "planned"])
            .Concat(plan.Deploys.Where(deploy => deploy.AtS > 0).Select(deploy => $"deploy {deploy.Release}"));
        Assert.All(words, word => Assert.DoesNotContain(word, page.Markup, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<IncidentRun> StartAsync()
    {
        Service.Answer = _ => 200;
        return await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)));
    }

    private IRenderedComponent<LiveSnapshot> RenderPage(IncidentRun run) =>
        RenderLive<IncidentPage>(page => page.Add(it => it.Id, run.Incident.Id));
}
