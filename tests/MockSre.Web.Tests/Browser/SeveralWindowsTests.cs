using Microsoft.Playwright;
using MockSre.Checks;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.ConsolePage)]
public sealed class SeveralWindowsTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Mode_SetInOneWindowOrOverHttp_ShowsInTheOther()
    {
        var mine = await OpenAsync();
        var other = await OpenAsync(await NewContextAsync());

        await mine.Mode("slow_query").ClickAsync();
        await Expect(other.Badge()).ToHaveTextAsync("Mode slow_query");
        await Expect(other.Mode("slow_query")).ToHaveAttributeAsync("aria-pressed", "true");

        await other.Mode("cache_off").ClickAsync();
        await Expect(mine.Badge()).ToHaveTextAsync("Mode cache_off");

        foreach (var mode in new[] { "pool_saturation", "combined", "none" })
        {
            var badge = mode == "none" ? "Healthy" : $"Mode {mode}";
            await SetModeAsync(mode);
            await Expect(mine.Badge()).ToHaveTextAsync(badge);
            await Expect(other.Badge()).ToHaveTextAsync(badge);
        }

        // Each window draws the last markers in its own time.
        var markers = await ServiceClient.UntilAsync(
            async () => (Mine: await mine.Markers().CountAsync(), Other: await other.Markers().CountAsync()),
            markers => markers.Mine == markers.Other,
            TimeSpan.FromMilliseconds(BrowserFixture.PatienceMs));
        Assert.Equal(markers.Other, markers.Mine);
    }

    [BrowserFact]
    public async Task Load_FiredInOneWindow_IsFollowedAndCanBeCancelledInTheOther()
    {
        await SetModeAsync("slow_query");
        var mine = await OpenAsync();
        var other = await OpenAsync(await NewContextAsync());

        await mine.LoadPanel().Button("Fire 50 requests").ClickAsync();
        await Expect(other.LoadPanel().GetByRole(AriaRole.Status)).ToHaveTextAsync("Firing 50 requests, 10 at a time");
        await other.LoadPanel().Button("Cancel").ClickAsync();

        await Expect(mine.LoadPanel().GetByRole(AriaRole.Status)).ToContainTextAsync("Cancelled after ");
    }

    [BrowserFact]
    public async Task Expectations_RequestsComeIn_TickAndTheLastRequestsFill()
    {
        await SetModeAsync("cache_off");
        var page = await OpenAsync();
        var checklist = page.Panel("Expected signals");
        await Expect(checklist.Locator("li.pending")).ToHaveCountAsync(2);

        await SendAsync(20);

        await Expect(checklist.Locator("li.witnessed")).ToHaveCountAsync(2);
        await Expect(checklist).ToContainTextAsync("20 requests");
        var rows = page.Panel("Last requests").GetByRole(AriaRole.Row);
        await Expect(rows).ToHaveCountAsync(21);
        await Expect(rows.Nth(1)).ToContainTextAsync("200");
        await Expect(rows.Nth(1)).ToContainTextAsync("bypass");
        await Expect(rows.Nth(1)).ToContainTextAsync("cache_off");
    }
}
