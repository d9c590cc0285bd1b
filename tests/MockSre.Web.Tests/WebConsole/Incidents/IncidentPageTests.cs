using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Load;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;
using MudBlazor;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class IncidentPageTests : ComponentTest
{
    // Every request of the load succeeds.
    public IncidentPageTests() => Services.AddSingleton(_ => new LoadGenerator((_, _) => Task.FromResult(200), Time));

    [Fact]
    public async Task Render_AClosedRun_TellsScoreTruthAndTheWayToTheExport()
    {
        var incident = await KeepAsync(IncidentRecords.Closed());

        var page = Show(incident.Id);

        Assert.Equal(5, page.FindAll(".score .parts tbody tr").Count);
        Assert.Contains(incident.Plan.Key.CausalChain[0], page.Find(".truth").TextContent, StringComparison.Ordinal);
        Assert.Contains("revert", page.Find(".actions").TextContent, StringComparison.Ordinal);
        Assert.Contains(incident.Plan.AtFault[^1].Sha, page.Find(".said").TextContent, StringComparison.Ordinal);
        Assert.Equal($"admin/incidents/{incident.Id}/export", page.Find("a[download]").GetAttribute("href"));
        Assert.Contains("closed: by the investigator", page.Find(".steps").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".cite, .act, .diagnosis, .chart"));
    }

    [Fact]
    public void Render_AnUnknownRun_SaysSo() =>
        Assert.Contains("incidents has this id", Show("nothing").Find("[role=alert]").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task Render_BeforeTheAlert_LocksWhatCanBeDone()
    {
        var run = await StartAsync();

        var page = Show(run.Incident.Id);

        Assert.Contains("No alert has fired yet.", page.Find(".alert").TextContent, StringComparison.Ordinal);
        Assert.All(
            page.FindAll(".cite, .act, .actions button, .diagnosis button"),
            button => Assert.True(button.HasAttribute("disabled"), button.OuterHtml));
    }

    [Fact]
    public async Task Render_BeforeTheAlert_SaysThatOneComes() =>
        Assert.Contains(
            "The alert fires in a minute or two. Read the evidence meanwhile.",
            Show((await StartAsync()).Incident.Id).Find(".alert").TextContent,
            StringComparison.Ordinal);

    [Fact]
    public async Task Render_BetweenTheAlertAndTheInvestigation_LocksActionsAndSaysWhyButLetsEvidenceBeCited()
    {
        var run = await StartAsync();
        var page = Show(run.Incident.Id);
        await GoUntilAsync(() => run.Incident.Alert is not null);
        await Eventually.TrueAsync(() => page.FindAll(".ringing").Count == 1);
        Assert.NotEqual(IncidentState.Investigating, run.Incident.State);

        var tooEarly = page.Find(".notice.too-early").TextContent.Trim();
        Assert.DoesNotContain("deploy", tooEarly, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(tooEarly, page.Find(".actions").TextContent, StringComparison.Ordinal);
        Assert.All(
            [.. page.FindAll(".act, .actions button"), Button(page, "Close and score")],
            button => Assert.True(button.HasAttribute("disabled"), button.OuterHtml));
        Assert.All(page.FindAll(".cite"), button => Assert.False(button.HasAttribute("disabled"), button.OuterHtml));

        Button(page, "Presenter").Click();
        Assert.Contains(
            "Actions begin with the investigation, at about ", page.Find(".notice.too-early").TextContent, StringComparison.Ordinal);

        await GoUntilAsync(() => run.Incident.State == IncidentState.Investigating);
        await Eventually.TrueAsync(() => page.FindAll(".too-early").Count == 0);
        Assert.All(
            [.. page.FindAll(".act, .actions button"), Button(page, "Close and score")],
            button => Assert.False(button.HasAttribute("disabled"), button.OuterHtml));
    }

    [Fact]
    public async Task Investigate_FromTheAlertToTheClose_WorksThroughThePage()
    {
        var run = await StartAsync();
        var dialogs = Render<MudDialogProvider>();
        var page = Show(run.Incident.Id);
        await GoUntilAsync(() => run.Incident.State == IncidentState.Investigating);
        await Eventually.TrueAsync(() => page.FindAll(".ringing").Count == 1 && page.FindAll(".too-early").Count == 0);

        page.FindAll(".cite")[0].Click();
        Assert.Equal("true", page.FindAll(".cite")[0].GetAttribute("aria-pressed"));
        Assert.Equal("Evidence (1 of 8 at most)", page.Find(".cited legend").TextContent);

        page.FindAll(".evidence .choice").Single(choice => choice.TextContent == "Config").Click();
        page.Find("[aria-label='New value of db_pool_limit']").Input("15");
        await page.Find("[aria-label='Set db_pool_limit']").ClickAsync();
        Assert.Equal(new RepairAction(RepairKind.SetConfig, "db_pool_limit", "15"), Assert.Single(run.Incident.Actions).Action);
        Assert.Contains("set db_pool_limit to 15", page.Find(".actions").TextContent, StringComparison.Ordinal);
        Assert.Contains("15", page.FindAll(".evidence tr.changed b").Select(value => value.TextContent));

        page.FindAll(".evidence .choice").Single(choice => choice.TextContent == "Deploys").Click();
        await page.FindAll(".act")[0].ClickAsync();
        Assert.Equal(RepairKind.Rollback, run.Incident.Actions[1].Action.Kind);

        page.FindAll(".diagnosis select")[0].Change("nothing_wrong");
        page.FindAll(".diagnosis select")[1].Change("alerting_rule");
        page.FindAll(".diagnosis select")[2].Change("alert_too_sensitive");
        await Button(page, "Submit the diagnosis").ClickAsync();
        Assert.Equal(Verdict.NothingWrong, Assert.Single(run.Incident.Diagnoses).Diagnosis.Verdict);

        Button(page, "Close and score").Click();
        dialogs.WaitForElement("[role=dialog]");
        dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Close and score").Click();
        await Eventually.TrueAsync(() => page.FindAll(".score .total").Count == 1);
        Assert.Equal(CloseReason.Finished, run.Incident.Closed?.Closed);
    }

    [Fact]
    public async Task Set_ToWhatIsNoValue_SaysWhy()
    {
        var run = await StartAsync();
        var page = Show(run.Incident.Id);
        await GoUntilAsync(() => run.Incident.State == IncidentState.Investigating);
        await Eventually.TrueAsync(() => page.FindAll(".ringing").Count == 1);
        page.FindAll(".evidence .choice").Single(choice => choice.TextContent == "Config").Click();

        await page.Find("[aria-label='Set db_pool_limit']").ClickAsync();

        Assert.Equal("Not a value. db_pool_limit is a whole number from 1 to 100.", Assert.Single(Snacks));
    }

    [Fact]
    public async Task Evidence_WhileSecondsPass_IsNotDrawnAnew()
    {
        var run = await StartAsync();
        var page = Show(run.Incident.Id);
        var panel = page.FindComponent<MockSre.Web.WebConsole.Incidents.EvidencePanel>();
        var (before, pages) = (panel.RenderCount, page.RenderCount);

        Advance(5);

        Assert.True(page.RenderCount >= pages + 5);
        Assert.Equal(before, panel.RenderCount);
    }

    private static IElement Button(IRenderedComponent<LiveSnapshot> page, string name) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == name);

    private IRenderedComponent<LiveSnapshot> Show(string id) => RenderLive<IncidentPage>(page => page.Add(it => it.Id, id));

    private Task<IncidentRun> StartAsync() => Runs.StartAsync(new("noisy_alert", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)));

    private async Task GoUntilAsync(Func<bool> wished)
    {
        for (var second = 0; !wished(); second++)
        {
            Assert.InRange(second, 0, 300);
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private async Task<IncidentRecord> KeepAsync(IncidentRecord incident)
    {
        await Store.CreateAsync(IncidentHeader.Of(incident, null), incident.Plan);
        await Store.AppendAsync(
            incident.Id,
            [.. incident.States, .. incident.Deploys, incident.Alert!, .. incident.Actions, .. incident.Diagnoses, .. incident.Seconds]);
        await Store.UpdateAsync(IncidentRecords.HeaderOf(incident));
        return incident;
    }
}
