using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.OtherPages)]
public sealed class LayoutTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private static readonly string[] Modes = ["none", "cache_off", "slow_query", "pool_saturation", "combined"];

    [BrowserFact]
    public async Task Pages_OnAPhone_NeedNoScrollingSideways()
    {
        await SetModeAsync("pool_saturation");
        await SendAsync(3);
        var context = await NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var page = await OpenAsync(context);
        await Expect(page.Panel("Last requests").GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await AssertFitsAsync(page);
        foreach (var mode in Modes)
        {
            await Expect(page.Mode(mode)).ToBeVisibleAsync();
        }

        await page.Button("Table").ClickAsync();
        await AssertFitsAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await page.Panel("Issues (1)").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Stack trace");
        await page.Locator("details.raw summary").ClickAsync();
        await Expect(page.Locator("details.raw pre")).ToBeVisibleAsync();
        await AssertFitsAsync(page);
        await page.Panel("GET /api/users/profile/{user_id}").GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Spans");
        await AssertFitsAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Fixtures" }).ClickAsync();
        await Expect(page.Panel("Configuration").GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await AssertFitsAsync(page);
        await page.GotoAsync("/sign-in");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Console");
        await AssertFitsAsync(page);
    }

    [BrowserFact]
    public async Task Marker_AnywhereOnAPhone_KeepsItsNameWithinThePage()
    {
        var page = await OpenAsync(await NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } }));
        await page.Mode("pool_saturation").ClickAsync();
        await Expect(page.Markers()).ToHaveCountAsync(1);

        // Moves the marker across the chart. On a phone its label slides with it, and the class 'left' has no effect.
        var place = await page.EvaluateAsync<int>("""
            () => {
              const marker = document.querySelector('.marker');
              const name = marker.querySelector('span');
              marker.classList.remove('left');
              for (let at = 0; at <= 100; at += 5) {
                marker.style.left = name.style.cssText = '';
                marker.style.left = `${at}%`;
                name.style.setProperty('--at', `${at}%`);
                if (document.documentElement.scrollWidth > document.documentElement.clientWidth) return at;
              }
              return -1;
            }
            """);

        Assert.Equal(-1, place);
    }

    [BrowserFact]
    public async Task Pages_OnAWideScreen_FillItsWidth()
    {
        var context = await NewContextAsync(new() { ViewportSize = new() { Width = 1920, Height = 1080 } });
        var page = await OpenAsync(context);
        await AssertFillsAsync(page, page.LoadPanel());
        await AssertFillsAsync(page, page.GetByRole(AriaRole.Group, new() { Name = "Failure mode" }));
        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await AssertFillsAsync(page, page.Panel("Details"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Fixtures" }).ClickAsync();
        await AssertFillsAsync(page, page.Panel("Configuration"));
    }

    private static async Task AssertFitsAsync(IPage page)
    {
        var widths = await page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.True(widths[0] <= widths[1], $"{page.Url} is {widths[0]} px wide, but the window only {widths[1]} px");
    }

    private static async Task AssertFillsAsync(IPage page, ILocator atTheRight)
    {
        await AssertFitsAsync(page);
        var box = await atTheRight.BoundingBoxAsync();
        Assert.InRange(box!.X + box.Width, 1860, 1920);
    }
}
