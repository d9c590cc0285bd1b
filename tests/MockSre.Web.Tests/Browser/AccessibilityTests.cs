using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.Accessibility)]
public sealed class AccessibilityTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OnEveryPage_FindsNothingSerious(ColorScheme look)
    {
        await SetModeAsync("pool_saturation");
        await SendAsync(3);
        var page = await OpenAsync(await NewContextAsync(new() { ColorScheme = look, ReducedMotion = ReducedMotion.Reduce }));
        using var load = await Http.PostAsync("/admin/load", new { requests = 1000, concurrency = 2 });
        await Expect(page.LoadPanel().Button("Cancel")).ToBeVisibleAsync();
        await page.Button("Table").ClickAsync();
        List<string> found = [.. await Axe.FindAsync(page, look, "/ under load")];
        await page.LoadPanel().Button("Cancel").ClickAsync();
        await page.TabToAsync(page.Plot());
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator(".readout")).ToBeVisibleAsync();
        found.AddRange(await Axe.FindAsync(page, look, "/"));

        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await page.Panel("Issues (1)").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Stack trace");
        await page.Locator("details.raw summary").ClickAsync();
        found.AddRange(await Axe.FindAsync(page, look, "/signals, an issue"));
        await page.Panel("GET /api/users/profile/{user_id}").GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Spans");
        found.AddRange(await Axe.FindAsync(page, look, "/signals, a transaction"));

        await page.GetByRole(AriaRole.Link, new() { Name = "Fixtures" }).ClickAsync();
        await Expect(page.Panel("Configuration").GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        found.AddRange(await Axe.FindAsync(page, look, "/fixtures"));
        await page.GotoAsync("/sign-in");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Console");
        found.AddRange(await Axe.FindAsync(page, look, "/sign-in"));

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OnPagesWithoutACircuit_FindsNothingSerious(ColorScheme look)
    {
        Trouble = true;
        var page = await (await NewContextAsync(new() { ColorScheme = look })).NewPageAsync();
        await page.GotoAsync("/nowhere");
        await Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Not Found");
        List<string> found = [.. await Axe.FindAsync(page, look, "an unknown page")];

        await page.RouteAsync("**/_blazor/negotiate*", route => route.FulfillAsync(new()
        {
            Status = 403,
            ContentType = "application/problem+json",
            Body = """{"title":"Request from another origin","detail":"Behind a proxy, set PUBLIC_URL."}""",
        }));
        await page.GotoAsync("/");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Request from another origin. Behind a proxy, set PUBLIC_URL.");
        found.AddRange(await Axe.FindAsync(page, look, "no circuit"));

        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}
