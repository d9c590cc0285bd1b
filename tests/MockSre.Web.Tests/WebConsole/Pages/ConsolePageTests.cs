using Bunit;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Pages;

public class ConsolePageTests : ComponentTest
{
    [Fact]
    public void Render_Healthy_HasEverythingUnlocked()
    {
        var page = RenderLive<ConsolePage>();

        Assert.Equal(
            ["The last two minutes", "Last requests", "Load", "Expected signals", "Sentry"],
            page.FindAll("h2").Select(title => title.TextContent));
        Assert.Empty(page.FindAll(".notice, .modes button[disabled], .load button[disabled]"));
        Assert.Equal("none", page.Find("[aria-pressed=true]").TextContent);
    }

    [Fact]
    public void ClickAMode_FromTheSwitch_IsInForceEverywhereAtOnce()
    {
        var page = RenderLive<ConsolePage>();

        page.FindAll(".modes button").Single(button => button.TextContent == "pool_saturation").Click();

        Assert.Equal("pool_saturation", page.Find(".modes [aria-pressed=true]").TextContent);
        Assert.Contains("Mode pool_saturation", page.Find(".expectations .lead").TextContent, StringComparison.Ordinal);
        Assert.Contains("2 of 2", page.Find(".tiles").TextContent, StringComparison.Ordinal);
        Assert.Contains("d40f3b2", page.Find(".sentry").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangeElsewhere_ByTheApi_ShowsWithinAGlance()
    {
        var page = RenderLive<ConsolePage>();

        Failures.Set(Modes.CacheOff, ChangeSource.AdminApi);
        Time.Advance(ConsoleFeed.PollInterval);

        Assert.Equal("cache_off", page.Find(".modes [aria-pressed=true]").TextContent);
    }

    [Fact]
    public void Requests_OfTheLastSeconds_ReachTilesChartAndList()
    {
        var page = RenderLive<ConsolePage>();

        Request(500, 1000);
        Advance(1);

        Assert.Equal("100 %", page.FindAll(".tile .value")[1].TextContent);
        Assert.StartsWith("M119.1 100v-100", page.Find(".rate-pane .errors").GetAttribute("d"), StringComparison.Ordinal);
        Assert.Single(page.FindAll(".recent tbody tr.bad"));
    }

    [Fact]
    public async Task Render_WhileARunIsOpen_NamesItsPageAndNotItsScenario()
    {
        Service.Answer = _ => 200;
        var run = await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1)));
        Metrics.End(Metrics.Begin(), new RequestSample(200, TimeSpan.FromMilliseconds(5), null, 0, User: "3", Label: "incident_b"));
        var page = RenderLive<ConsolePage>();
        Advance(1);

        Assert.Equal("An incident run is open. See its page.", page.Find(".expectations p").TextContent);
        Assert.Equal($"incidents/{run.Incident.Id}", page.Find(".expectations a").GetAttribute("href"));
        Assert.NotEmpty(page.FindAll(".recent tbody tr"));
        Assert.DoesNotContain("incident_b", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, ConsoleRights.OnlyInDemo)]
    [InlineData(true, ConsoleRights.SignInFirst)]
    public void Render_NotAllowed_LocksEveryControlAndSaysWhy(bool demo, string refusal)
    {
        Settings = Settings with
        {
            Environment = demo ? ServiceEnvironment.Demo : ServiceEnvironment.Local,
            AdminToken = demo ? Token : null,
        };

        var page = RenderLive<ConsolePage>();

        Assert.Equal(refusal, page.Find(".notice span").TextContent);
        Assert.All(
            page.FindAll(".modes button, .load button, .load input"),
            control => Assert.True(control.HasAttribute("disabled"), control.OuterHtml));
        Assert.All(page.FindAll(".chart button"), button => Assert.False(button.HasAttribute("disabled")));
    }

    [Fact]
    public void Render_ASessionThatEndsElsewhere_LocksWithTheNextSecond()
    {
        Settings = Settings with { AdminToken = Token };
        var session = Sessions.Open();
        Person.ComeWith(session);
        var page = RenderLive<ConsolePage>();
        Assert.Empty(page.FindAll(".modes button[disabled]"));

        Sessions.Close(session);
        Advance(1);

        Assert.Equal(5, page.FindAll(".modes button[disabled]").Count);
    }
}
