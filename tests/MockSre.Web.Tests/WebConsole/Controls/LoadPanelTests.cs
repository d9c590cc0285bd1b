using AngleSharp.Dom;
using Bunit;
using MockSre.Domain.Load;
using MockSre.Domain.Settings;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Controls;
using MudBlazor;

namespace MockSre.Web.Tests.WebConsole.Controls;

/// <summary>The buttons that start, cancel and reset loads.</summary>
public class LoadPanelTests : ComponentTest
{
    [Fact]
    public void Fire_Untouched_StartsTheDemosLoad()
    {
        Button(Show(), "Fire 50 requests").Click();

        Assert.Equal(new LoadPlan.ClosedLoop(50, 10), Assert.Single(Loads.Runs).Plan);
        Assert.Empty(Snacks);
    }

    [Fact]
    public void Fire_OtherNumbers_StartsALoadOfThese()
    {
        var panel = Show();
        Inputs(panel)[0].Change("7");
        Inputs(panel)[1].Change("3");

        Button(panel, "Fire 7 requests").Click();

        Assert.Equal(new LoadPlan.ClosedLoop(7, 3), Assert.Single(Loads.Runs).Plan);
    }

    [Theory]
    [InlineData("0", "101", "Fire 1 request", 1, 100)]
    [InlineData("-5", "0", "Fire 1 request", 1, 1)]
    [InlineData("10001", "100", "Fire 10,000 requests", 10_000, 100)]
    public void Fire_NumbersBeyondTheLimits_StartsALoadWithinThem(string requests, string concurrency, string label, int sent, int atATime)
    {
        var panel = Show();
        Inputs(panel)[0].Change(requests);
        Inputs(panel)[1].Change(concurrency);

        Button(panel, label).Click();

        Assert.Equal(new LoadPlan.ClosedLoop(sent, atATime), Assert.Single(Loads.Runs).Plan);
    }

    [Theory]
    [InlineData("", "10", "Fire requests", "A whole number from 1 to 10,000")]
    [InlineData("many", "10", "Fire requests", "Not a valid number")]
    [InlineData("50", "", "Fire 50 requests", "A whole number from 1 to 100")]
    public void Fire_NoNumber_SaysWhatIsOneAndStartsNothing(string requests, string concurrency, string label, string problem)
    {
        var panel = Show();
        Inputs(panel)[0].Change(requests);
        Inputs(panel)[1].Change(concurrency);

        Assert.True(Button(panel, label).HasAttribute("disabled"));
        Assert.Contains(problem, panel.Find(".fire").TextContent, StringComparison.Ordinal);

        Inputs(panel)[0].Change("7");
        Inputs(panel)[1].Change("3");

        Button(panel, "Fire 7 requests").Click();
        Assert.Equal(new LoadPlan.ClosedLoop(7, 3), Assert.Single(Loads.Runs).Plan);
    }

    [Fact]
    public async Task Cancel_ALoadThatRuns_EndsIt()
    {
        var run = Start(new LoadPlan.ClosedLoop(50, 10));
        var panel = Show();
        Assert.All(Inputs(panel).Take(2), input => Assert.True(input.HasAttribute("disabled")));

        Button(panel, "Cancel").Click();

        await run.Completion.WithinGuard();
        Assert.Equal(LoadState.Cancelled, run.Report().State);
    }

    [Fact]
    public async Task Traffic_OnAndOff_StartsAndCancelsIt()
    {
        await Traffic(Show()).ChangeAsync(true);
        var run = Assert.Single(Loads.Runs);
        Assert.Equal(new LoadPlan.OpenLoop(LoadPlan.OpenLoop.DefaultRate), run.Plan);

        var panel = Show();
        Assert.Equal("true", Traffic(panel).GetAttribute("aria-checked"));
        await Traffic(panel).ChangeAsync(false);
        await run.Completion.WithinGuard();
    }

    [Fact]
    public async Task Traffic_ThatCannotStart_SaysWhyAndStaysOff()
    {
        Server.Addresses.Clear();
        var panel = Show();

        await Traffic(panel).ChangeAsync(true);

        Assert.Equal("No address to call. The service listens on no address that plain HTTP over TCP can reach.", Assert.Single(Snacks));
        Assert.Equal("false", Traffic(panel).GetAttribute("aria-checked"));
    }

    [Theory]
    [InlineData("Keep", false)]
    [InlineData("Reset", true)]
    public async Task Reset_Always_AsksFirst(string answer, bool reset)
    {
        var dialogs = Render<MudDialogProvider>();
        Request(500);

        Button(Show(), "Reset everything").Click();
        dialogs.WaitForElement("[role=dialog]");
        Assert.Equal(1, Metrics.Snapshot().Totals.Count);
        Assert.Contains(
            "Stops all loads, sets mode none, and clears the cache, figures and inbox.", dialogs.Markup, StringComparison.Ordinal);

        dialogs.FindAll("button").Single(button => button.TextContent.Trim() == answer).Click();

        await Eventually.TrueAsync(() => dialogs.FindAll("[role=dialog]").Count == 0);
        await Eventually.EqualAsync(reset ? 0 : 1, () => Metrics.Snapshot().Totals.Count);
    }

    [Fact]
    public void Render_Locked_DisablesEverything()
    {
        Assert.All(
            Show(locked: true).FindAll("button, input"), control => Assert.True(control.HasAttribute("disabled"), control.OuterHtml));

        Start(new LoadPlan.ClosedLoop(50, 10));
        Assert.True(Button(Show(locked: true), "Cancel").HasAttribute("disabled"));
    }

    [Fact]
    public void Fire_NotAllowed_SaysWhyAndStartsNothing()
    {
        Settings = Settings with { Environment = ServiceEnvironment.Local };

        Button(Show(), "Fire 50 requests").Click();

        Assert.Empty(Loads.Runs);
        Assert.Equal(ConsoleRights.OnlyInDemo, Assert.Single(Snacks));
    }

    private static IElement Button(IRenderedComponent<LoadPanel> panel, string name) =>
        panel.FindAll("button").Single(button => button.TextContent.Trim() == name);

    private static IReadOnlyList<IElement> Inputs(IRenderedComponent<LoadPanel> panel) => [.. panel.FindAll(".fire input")];

    private static IElement Traffic(IRenderedComponent<LoadPanel> panel) => panel.Find(".steady input");

    private IRenderedComponent<LoadPanel> Show(bool locked = false) => Render<LoadPanel>(panel => panel
        .Add(it => it.Burst, Feed.Current.Burst)
        .Add(it => it.Traffic, Feed.Current.Traffic)
        .Add(it => it.Locked, locked));
}
