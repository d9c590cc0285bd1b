using Bunit;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Faults;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Layout;

namespace MockSre.Web.Tests.WebConsole.Layout;

public class MainLayoutTests : ComponentTest
{
    private static readonly string[] Pages = ["", "signals", "incidents", "fixtures", "docs/"];

    [Fact]
    public void Render_AnyPage_HasTheWaysTheModeAndThePageItself()
    {
        var layout = Show();

        Assert.Equal(Pages, layout.FindAll("nav a").Select(link => link.GetAttribute("href")));
        Assert.Equal("Healthy", layout.Find("header [role=status]").TextContent);
        Assert.Equal("the page", layout.Find("main").TextContent);
    }

    [Fact]
    public void Render_TheModeChanges_IsSeenOnEveryPage()
    {
        var layout = Show();

        Failures.Set(Modes.Combined, ChangeSource.AdminApi);
        Time.Advance(ConsoleFeed.PollInterval);

        Assert.Equal("Mode combined", layout.Find("header [role=status]").TextContent);
    }

    [Fact]
    public void Render_BeforeTheBrowserSaysInWhichColours_ShowsNothing()
    {
        JSInterop.Setup<string?>("mockSre.chosenTheme");

        Assert.Empty(Show().FindAll("header, main"));
    }

    [Theory]
    [InlineData(null, "Switch to dark")]
    [InlineData("light", "Switch to dark")]
    [InlineData("dark", "Switch to light")]
    [InlineData("pink", "Switch to dark")]
    public void Render_AChoiceOfBefore_IsKept(string? chosen, string offered)
    {
        JSInterop.Setup<string?>("mockSre.chosenTheme").SetResult(chosen);

        Assert.Equal(offered, Show().Find(".tools button").GetAttribute("aria-label"));
    }

    [Fact]
    public void Choose_BothWays_IsToldToTheBrowserEachTime()
    {
        var choose = JSInterop.Setup<object?>("mockSre.chooseTheme", _ => true).SetResult(null);
        var layout = Show();

        layout.Find(".tools button").Click();
        Assert.Equal("Switch to light", layout.Find(".tools button").GetAttribute("aria-label"));
        layout.Find(".tools button").Click();

        Assert.Equal("Switch to dark", layout.Find(".tools button").GetAttribute("aria-label"));
        Assert.Equal(["dark", "light"], choose.Invocations.Select(call => call.Arguments[0]));
    }

    [Fact]
    public void Browser_WithoutTheScript_ShowsTheConsoleAllTheSame()
    {
        JSInterop.Setup<string?>("mockSre.chosenTheme").SetException(new Microsoft.JSInterop.JSException("there is no mockSre"));

        Assert.NotEmpty(Show().FindAll("header nav"));
        Assert.Empty(Hub.Events);
    }

    [Fact]
    public void Body_Fails_LeavesTheFrameAndTheModeInView()
    {
        var layout = RenderLive<MainLayout>(it => it.Add(layout => layout.Body, Part<Fragile>()));

        Assert.NotNull(layout.Find("main [role=alert]"));
        Assert.Equal(Pages, layout.FindAll("nav a").Select(link => link.GetAttribute("href")));

        Advance(3);
        Assert.Single(Hub.Events);
    }

    private static RenderFragment Part<T>()
        where T : IComponent => builder =>
        {
            builder.OpenComponent<T>(0);
            builder.CloseComponent();
        };

    private IRenderedComponent<LiveSnapshot> Show() => RenderLive<MainLayout>(it => it.Add(layout => layout.Body, "the page"));
}
