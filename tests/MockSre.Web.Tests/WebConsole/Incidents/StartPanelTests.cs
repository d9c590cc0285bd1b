using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Settings;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class StartPanelTests : ComponentTest
{
    [Fact]
    public void Render_EachScenario_HasItsSummary()
    {
        var page = RenderLive<IncidentsPage>();
        Assert.Equal(
            Scenarios.Catalog.Scenarios.Select(scenario => scenario.Title).Concat(Scenarios.Catalog.Draws.Select(draw => draw.Title)),
            page.FindAll(".start select")[0].QuerySelectorAll("option").Select(option => option.TextContent));

        page.FindAll(".start select")[0].Change("slow_drift");

        Assert.Equal(Scenarios.PlanOf("slow_drift").Summary, page.Find(".start .summary").TextContent);
    }

    [Fact]
    public async Task Start_AsChosen_BeginsThatRunAndGoesToIt()
    {
        var page = RenderLive<IncidentsPage>();
        page.FindAll(".start select")[0].Change("pool_alone");
        Inputs(page)[0].Input("42");
        Inputs(page)[1].Input("30");

        await Start(page).ClickAsync();

        var run = OpenRun!;
        Assert.Equal(
            ("pool_alone", 42, Pace.Demo, false),
            (run.Incident.Plan.Scenario, run.Incident.Plan.Seed, run.Incident.Plan.Pace, run.Incident.Plan.IsBlind));
        Assert.Equal(TimeSpan.FromMinutes(30), run.MaxDuration);
        Assert.EndsWith($"/incidents/{run.Incident.Id}", Get<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1", "60", "The seed is a whole number")]
    [InlineData("1.5", "60", "The seed is a whole number")]
    [InlineData("2147483648", "60", "The seed is a whole number")]
    [InlineData("", "0", "Auto-close takes a whole number of minutes from 1 to 240")]
    [InlineData("", "241", "Auto-close takes a whole number of minutes from 1 to 240")]
    [InlineData("", "", "Auto-close takes a whole number of minutes from 1 to 240")]
    public void Start_NoNumbers_IsLockedAndSaysWhich(string seed, string minutes, string problem)
    {
        var page = RenderLive<IncidentsPage>();

        Inputs(page)[0].Input(seed);
        Inputs(page)[1].Input(minutes);

        Assert.True(Start(page).HasAttribute("disabled"));
        Assert.StartsWith(problem, page.Find(".go .note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Refused_SaysWhyInASentence()
    {
        var page = RenderLive<IncidentsPage>();
        Inputs(page)[1].Input("1");

        await Start(page).ClickAsync();

        Assert.StartsWith("Not a duration. ", page.Find(".start .problem").TextContent, StringComparison.Ordinal);
        Assert.Null(OpenRun);
    }

    [Theory]
    [InlineData(false, ConsoleRights.OnlyInDemo)]
    [InlineData(true, ConsoleRights.SignInFirst)]
    public void Render_NotAllowed_LocksEverythingAndSaysWhy(bool demo, string refusal)
    {
        Settings = Settings with
        {
            Environment = demo ? ServiceEnvironment.Demo : ServiceEnvironment.Local,
            AdminToken = demo ? Token : null,
        };

        var page = RenderLive<IncidentsPage>();

        Assert.Equal(refusal, page.Find(".notice span").TextContent);
        Assert.All(
            page.FindAll(".start button, .start input, .start select"),
            control => Assert.True(control.HasAttribute("disabled"), control.OuterHtml));
    }

    [Fact]
    public void Blind_WithoutAToken_CannotBeChosen()
    {
        var page = RenderLive<IncidentsPage>();

        Assert.True(page.Find(".start .check input").HasAttribute("disabled"));
        Assert.Contains("needs an ADMIN_TOKEN", page.Find(".start .check").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_WhileARunIsOpen_LockWhatItHasAndSayWhy()
    {
        await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)));

        var start = RenderLive<IncidentsPage>();
        var console = RenderLive<ConsolePage>();

        foreach (var page in new[] { start, console })
        {
            Assert.Equal(
                "An incident is open. Modes, loads and resets wait until the incident run is closed.",
                page.Find(".notice span").TextContent);
            Assert.Equal($"incidents/{OpenRun!.Incident.Id}", page.Find(".notice a").GetAttribute("href"));
        }

        Assert.True(Start(start).HasAttribute("disabled"));
        Assert.All(
            console.FindAll(".modes button, .load button, .load input"),
            control => Assert.True(control.HasAttribute("disabled"), control.OuterHtml));
    }

    [Fact]
    public async Task History_ARunBeginsAndEnds_IsReadAnew()
    {
        var page = RenderLive<IncidentsPage>();
        var run = await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)));
        Advance(0.1);
        Assert.Contains("open", page.Find(".history tbody tr").TextContent, StringComparison.Ordinal);

        await Runs.CloseAsync(run.Incident.Id, CloseReason.Cancelled).WithinGuard();
        Feed.Refresh();

        await Eventually.TrueAsync(
            () => page.Find(".history tbody tr").TextContent.Contains("abandoned, cancelled", StringComparison.Ordinal));
        Assert.Contains("Incident B", page.Find(".history tbody tr").TextContent, StringComparison.Ordinal);
    }

    private static IElement Start(IRenderedComponent<LiveSnapshot> page) =>
        page.FindAll(".start button").Single(button => button.TextContent.Trim() == "Start");

    private static IReadOnlyList<IElement> Inputs(IRenderedComponent<LiveSnapshot> page) => page.FindAll(".start input.field");
}
