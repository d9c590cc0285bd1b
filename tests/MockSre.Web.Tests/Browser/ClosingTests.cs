using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MockSre.Web.WebConsole.Feed;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>Closes pages of a service in this process, because only then can a test read the feed's number of subscribers.</summary>
[Collection(BrowserCollections.Accessibility)]
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class ClosingTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task Pages_Closed_AreToldNothingMore()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();
        var feed = app.Services.GetRequiredService<ConsoleFeed>();
        await using var context = await (await fixture.BrowserAsync())
            .NewContextAsync(new BrowserNewContextOptions { BaseURL = http.BaseAddress!.ToString() });
        var first = await context.NewPageAsync();
        await first.GotoAsync("/");
        await Expect(first.GetByRole(AriaRole.Banner)).ToBeVisibleAsync();
        var second = await context.NewPageAsync();
        await second.GotoAsync("/signals");
        await Expect(second.GetByRole(AriaRole.Banner)).ToBeVisibleAsync();
        Assert.Equal(2, feed.Watchers);

        // Closes the page as a user does. Its handlers run, so it can tell the server that it closes.
        await second.CloseAsync(new() { RunBeforeUnload = true });
        await Eventually.EqualAsync(1, () => feed.Watchers);
        await first.GotoAsync("/health");
        await Eventually.EqualAsync(0, () => feed.Watchers);
    }
}
