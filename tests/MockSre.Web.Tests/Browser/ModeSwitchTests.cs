using Microsoft.Playwright;
using MockSre.Checks;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.ConsolePage)]
public sealed class ModeSwitchTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserTheory]
    [InlineData("none", 200, 0, 1000)]
    [InlineData("cache_off", 200, 0, 1000)]
    [InlineData("slow_query", 200, 1900, 8000)]
    [InlineData("pool_saturation", 500, 950, 8000)]
    [InlineData("combined", 200, 1900, 12000)]
    public async Task Click_AMode_IsInForceFromTheNextRequestOn(string mode, int status, int leastMs, int mostMs)
    {
        var page = await OpenAsync();
        await SetModeAsync(mode == "none" ? "slow_query" : "none");

        await page.Mode(mode).ClickAsync();
        await AssertIsShownAsync(page, mode);

        // In combined, the first request comes before the first burst.
        // Fast modes get a warm-up request, because the first request after a start is slow.
        using var client = new ServiceClient(Service.Address);
        _ = status == 200 && leastMs == 0 ? await client.GetProfileAsync(1) : null;
        var answer = await client.GetProfileAsync(1);
        Assert.Equal((mode, status), (answer.Mode, answer.Status));
        Assert.InRange(answer.Latency.TotalMilliseconds, leastMs, mostMs);
    }

    [BrowserTheory]
    [InlineData("cache_off", "Enter")]
    [InlineData("none", " ")]
    public async Task Keys_TabAndPress_SetAModeAndTheFocusShows(string mode, string key)
    {
        await SetModeAsync("pool_saturation");
        var page = await OpenAsync();
        await page.TabToAsync(page.Mode(mode));

        // The button's ::after covers the whole card, so it has the focus outline.
        var outline = await page.Mode(mode).EvaluateAsync<string>(
            "button => getComputedStyle(button, '::after').outlineStyle + getComputedStyle(button, '::after').outlineWidth");
        Assert.Equal("solid3px", outline);

        await page.Keyboard.PressAsync(key);

        await AssertIsShownAsync(page, mode);
        await Expect(page.Mode(mode)).ToBeFocusedAsync();
        using var answer = await Http.GetProfileAsync(1);
        Assert.Equal(mode, answer.Header("X-Failure-Mode"));
    }

    [BrowserFact]
    public async Task Keys_FromTheTop_EveryModeIsReachedInItsOrder()
    {
        var page = await OpenAsync();

        foreach (var mode in new[] { "none", "cache_off", "slow_query", "pool_saturation", "combined" })
        {
            await page.TabToAsync(page.Mode(mode));
        }
    }

    [BrowserFact]
    public async Task Badge_AModeThatEndsByItself_SaysUntilWhen()
    {
        var page = await OpenAsync();

        using var answer = await Http.PostAsync("/admin/failure-mode/cache_off?ttl_s=600");

        await Expect(page.Badge()).ToContainTextAsync("Mode cache_off");
        await Expect(page.Badge()).ToContainTextAsync(" UTC");
    }

    private static async Task AssertIsShownAsync(IPage page, string mode)
    {
        await Expect(page.Badge()).ToHaveTextAsync(mode == "none" ? "Healthy" : $"Mode {mode}");
        foreach (var other in new[] { "none", "cache_off", "slow_query", "pool_saturation", "combined" })
        {
            await Expect(page.Mode(other)).ToHaveAttributeAsync("aria-pressed", other == mode ? "true" : "false");
        }
    }
}
