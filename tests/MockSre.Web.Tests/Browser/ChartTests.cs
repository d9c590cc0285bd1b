using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.ConsolePage)]
public sealed partial class ChartTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Hover_AColumn_ShowsItsFigures()
    {
        var (page, column) = await OpenPausedAsync();

        await page.Locator(".columns i").Nth(column).HoverAsync();
        await Expect(page.Locator(".readout")).ToContainTextAsync("requests3");
        await Expect(page.Locator(".readout")).ToContainTextAsync("error rate0 %");
        await Expect(page.Locator(".readout")).ToBeInViewportAsync(new() { Ratio = 1 });

        await page.Locator(".columns i").Nth(5).HoverAsync();
        await Expect(page.Locator(".readout")).ToContainTextAsync("no requests");

        await page.LoadPanel().HoverAsync();
        await Expect(page.Locator(".readout")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task ArrowKeys_WithTheFocusOnIt_ShowAndSpeakSecondBySecond()
    {
        var (page, column) = await OpenPausedAsync();
        var spoken = page.Locator(".chart [aria-live]");

        // The page scrolls to the focused chart. If the mouse were over the chart then, it would select a column.
        await page.Mouse.MoveAsync(0, 0);
        await page.TabToAsync(page.Plot());

        for (var presses = 119; presses >= column; presses--)
        {
            await page.Keyboard.PressAsync("ArrowLeft");
        }

        await Expect(spoken).ToHaveTextAsync(ThreeSpoken());
        await Expect(page.Locator(".readout")).ToContainTextAsync("requests3");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(spoken).ToHaveTextAsync(NothingSpoken());
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(spoken).ToHaveTextAsync(ThreeSpoken());
        await page.Keyboard.PressAsync("Escape");
        await Expect(spoken).ToHaveTextAsync("");
        await Expect(page.Locator(".readout")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Pause_WhileMoreComes_StandsStillUntilGoneOn()
    {
        var (page, _) = await OpenPausedAsync();
        await Expect(page.Button("Resume")).ToHaveAttributeAsync("aria-pressed", "true");
        var before = await page.Locator(".plot path.served").GetAttributeAsync("d");

        await SetModeAsync("cache_off");
        await SendAsync(2);
        await Expect(page.Panel("Last requests").GetByRole(AriaRole.Row)).ToHaveCountAsync(6);

        Assert.Equal(before, await page.Locator(".plot path.served").GetAttributeAsync("d"));
        await Expect(page.Markers()).ToHaveCountAsync(0);
        await page.Button("Resume").ClickAsync();
        await Expect(page.Panel("The last two minutes")).ToBeVisibleAsync();
        await Expect(page.Markers().Last).ToHaveTextAsync("cache_off");
    }

    [BrowserFact]
    public async Task Table_OfWhatIsDrawn_HoldsTheSameFigures()
    {
        var (page, column) = await OpenPausedAsync();

        await page.Button("Table").ClickAsync();
        var row = page.GetByRole(AriaRole.Region, new() { Name = "The chart's figures" }).Locator("tr:has(td:nth-child(2):text-is('3'))");
        await Expect(row).ToBeVisibleAsync();
        var inTable = await row.GetByRole(AriaRole.Cell).AllInnerTextsAsync();
        await page.Locator(".columns i").Nth(column).HoverAsync();
        await Expect(page.Locator(".readout")).ToContainTextAsync("requests");
        var read = await page.Locator(".readout dd, .readout div:first-child dt").AllInnerTextsAsync();

        Assert.Equal(
            read.Where(figure => figure.Length > 0).Select(figure => figure.Replace(" UTC", "", StringComparison.Ordinal)),
            inTable.Take(7));
        await page.Button("Table").ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Story_TrafficIncidentAndRecovery_IsMarkedAndHasGapsBeforeAndErrorsWithin()
    {
        var page = await OpenAsync();
        await page.LoadPanel().GetByLabel("Keep traffic on").ClickAsync();
        await Expect(page.Locator(".plot path.p95:not(.dots)")).ToHaveAttributeAsync("d", Drawn());

        await page.Mode("combined").ClickAsync();
        await Expect(page.Locator(".plot path.errors")).ToHaveAttributeAsync("d", Drawn());
        await page.Mode("none").ClickAsync();

        // Requests that began during the incident still have its faults. After them the cache recovers.
        await Expect(page.Markers()).ToHaveTextAsync(["traffic 5/s", "combined", "none"]);
        await Expect(page.Tile("Cache hits")).ToHaveClassAsync(GoodOrWarning());

        // The chart has no bars from before the traffic, so the first bar is right of the middle.
        var served = await page.Locator(".plot path.served").GetAttributeAsync("d");
        Assert.True(FirstColumn(served) > 60, served);
    }

    /// <summary>Sends three requests in one second, then pauses the chart. Returns the page and the column of that second.</summary>
    private async Task<(IPage Page, int Column)> OpenPausedAsync()
    {
        var page = await OpenAsync();

        // Starts at the beginning of a second, so that all three requests fall into that second.
        await page.WaitForFunctionAsync("() => Date.now() % 1000 < 300");
        await SendAsync(3);
        await Expect(page.Locator(".plot path.served")).ToHaveAttributeAsync("d", Drawn());
        await page.Button("Pause").First.ClickAsync();
        await Expect(page.Panel(PausedAt())).ToBeVisibleAsync();
        return (page, FirstColumn(await page.Locator(".plot path.served").GetAttributeAsync("d")));
    }

    private static int FirstColumn(string? path) =>
        int.Parse(path!.Split('M', '.')[1], System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("^M")]
    private static partial Regex Drawn();

    [GeneratedRegex("^Paused at [0-9:]{8} UTC$")]
    private static partial Regex PausedAt();

    [GeneratedRegex(
        "^[0-9:]{8} UTC: requests 3, success p50 [0-9.]+ ms, success p95 [0-9.]+ ms, failure p95 –, error rate 0 %, in flight [0-9]+$")]
    private static partial Regex ThreeSpoken();

    [GeneratedRegex("^[0-9:]{8} UTC: no requests ?$")]
    private static partial Regex NothingSpoken();

    [GeneratedRegex("^tile (good|warning)$")]
    private static partial Regex GoodOrWarning();
}
