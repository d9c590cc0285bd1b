using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.OtherPages)]
public sealed class ThemeTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private const string LightSurface = "rgb(255, 255, 255)";
    private const string DarkSurface = "rgb(21, 28, 35)";

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Look_NothingChosen_FollowsTheSystem(ColorScheme system)
    {
        var page = await OpenAsync(await NewContextAsync(new() { ColorScheme = system }));
        await AssertLookAsync(page, system);

        var other = system == ColorScheme.Dark ? ColorScheme.Light : ColorScheme.Dark;
        await page.EmulateMediaAsync(new() { ColorScheme = other });
        await AssertLookAsync(page, other);
    }

    [BrowserFact]
    public async Task Look_Chosen_OutlivesAReloadAndWinsOverTheSystem()
    {
        var page = await OpenAsync(await NewContextAsync(new() { ColorScheme = ColorScheme.Light }));

        await page.Button("Switch to dark").ClickAsync();
        await AssertLookAsync(page, ColorScheme.Dark);
        await page.ReloadAsync();
        await AssertLookAsync(page, ColorScheme.Dark);
        await page.Button("Switch to light").ClickAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await Expect(page).ToHaveTitleAsync("Signals – MockSre");
        await AssertLookAsync(page, ColorScheme.Light);
    }

    private static async Task AssertLookAsync(IPage page, ColorScheme look)
    {
        var dark = look == ColorScheme.Dark;
        await Expect(page.GetByRole(AriaRole.Banner)).ToHaveCSSAsync("background-color", dark ? DarkSurface : LightSurface);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", dark ? "dark" : "light");
        await Expect(page.Locator("html")).ToHaveCSSAsync("color-scheme", dark ? "dark" : "light");
        await Expect(page.Button(dark ? "Switch to light" : "Switch to dark")).ToBeVisibleAsync();
    }
}
