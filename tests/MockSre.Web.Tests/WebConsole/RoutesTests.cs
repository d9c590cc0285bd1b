using Bunit;
using Microsoft.AspNetCore.Components;
using MockSre.Web.WebConsole;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>The whole console, as a circuit renders it.</summary>
public class RoutesTests : ComponentTest
{
    [Theory]
    [InlineData("/", "Console")]
    [InlineData("/signals", "Sentry signals")]
    [InlineData("/fixtures", "Fixtures: recent commits and configuration")]
    public void Navigate_ToAPage_ShowsItInTheFrame(string address, string title)
    {
        Get<NavigationManager>().NavigateTo(address);

        var console = Render<Routes>();

        Assert.Equal(title, console.Find("main h1").TextContent);
        Assert.NotNull(console.Find("header nav"));
    }

    [Fact]
    public async Task Leave_AConsoleThatWasUsed_LeavesNothingBehind()
    {
        var console = Render<Routes>();
        foreach (var address in new[] { "/signals", "/fixtures", "/" })
        {
            Get<NavigationManager>().NavigateTo(address);
            Advance(1);
        }

        Assert.Equal(1, Feed.Watchers);
        var renders = console.RenderCount;

        await DisposeComponentsAsync();
        Advance(5);

        Assert.Equal((0, renders), (Feed.Watchers, console.RenderCount));
    }
}
