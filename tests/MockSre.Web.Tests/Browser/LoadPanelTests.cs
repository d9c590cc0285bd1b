using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.ConsolePage)]
public sealed partial class LoadPanelTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Fire_FiftyRequestsOfAHealthyService_CountsAddUpAndTheChartIsDrawn()
    {
        var page = await OpenAsync();

        await page.LoadPanel().Button("Fire 50 requests").ClickAsync();

        await Expect(page.LoadPanel().GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuetext", "50 of 50");
        await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveTextAsync("50 requests fired: 50 × 200");
        Assert.Equal(new Dictionary<string, int> { ["200"] = 50 }, await CountsAsync(page));
        await Expect(page.Markers()).ToHaveTextAsync(["50 requests"]);
        await Expect(page.Locator(".plot path.served")).ToHaveAttributeAsync("d", Drawn());
        Assert.StartsWith(
            "M",
            await page.Locator(".plot path.p95").First.GetAttributeAsync("d") + await page.Locator(".plot path.p95.dots")
                .GetAttributeAsync("d"),
            StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Fire_WhileCombinedIsInForce_ShowsProgressThenBothKindsOfAnswers()
    {
        await SetModeAsync("combined");
        var page = await OpenAsync();

        await page.LoadPanel().Button("Fire 50 requests").ClickAsync();
        await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveTextAsync("Firing 50 requests, 10 at a time");
        await Expect(page.LoadPanel().GetByRole(AriaRole.Spinbutton).First).ToBeDisabledAsync();

        // The bar shows progress while the load runs.
        await Expect(page.LoadPanel().GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuetext", UnderWay());
        await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveTextAsync(FiredWithErrors());
        await Expect(page.LoadPanel().GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuetext", "50 of 50");
        await Expect(page.LoadPanel().Button("Fire 50 requests")).ToBeEnabledAsync();

        var counts = await CountsAsync(page);
        Assert.Equal(["200", "500"], counts.Keys.Order());
        Assert.Equal(50, counts.Values.Sum());
        await Expect(page.Locator(".plot path.errors")).ToHaveAttributeAsync("d", Drawn());
        await Expect(page.Tile("Errors")).ToHaveClassAsync("tile bad");
        await Expect(page.Panel("Expected signals").Locator("li.witnessed")).ToHaveCountAsync(4);
        await Expect(
            page.Panel("Last requests").GetByRole(AriaRole.Row).Filter(new() { HasText = "500 no connection" }).First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Cancel_InTheMiddleOfASlowLoad_EndsItAndSaysWhere()
    {
        await SetModeAsync("slow_query");
        var page = await OpenAsync();
        await page.LoadPanel().Button("Fire 50 requests").ClickAsync();

        await page.LoadPanel().Button("Cancel").ClickAsync();

        await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveTextAsync(Cancelled());
        await Expect(page.LoadPanel().Button("Fire 50 requests")).ToBeEnabledAsync();
        var load = (await Http.GetJsonAsync("/admin/load"))[0];
        Assert.Equal("cancelled", load.GetProperty("state").GetString());
    }

    [BrowserFact]
    public async Task Numbers_Changed_AreWhatTheButtonSaysAndDoes()
    {
        var page = await OpenAsync();

        await page.GetByLabel("Requests", new() { Exact = true }).FillAsync("7");
        await page.GetByLabel("Concurrency").FillAsync("2");
        await page.GetByLabel("Concurrency").BlurAsync();
        await page.LoadPanel().Button("Fire 7 requests").ClickAsync();

        await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveTextAsync("7 requests fired: 7 × 200");
        var load = (await Http.GetJsonAsync("/admin/load"))[0];
        Assert.Equal((7, 2), (load.GetProperty("requests").GetInt32(), load.GetProperty("concurrency").GetInt32()));
    }

    [BrowserFact]
    public async Task Numbers_ThatAreNone_SayWhatIsOneAndFireNothing()
    {
        var page = await OpenAsync();
        var requests = page.GetByLabel("Requests", new() { Exact = true });
        foreach (var typed in new[] { "letters", "", "99999999999999" })
        {
            await requests.FocusAsync();
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.PressAsync("Delete");
            await page.Keyboard.TypeAsync(typed);
            await page.Keyboard.PressAsync("Tab");

            await Expect(page.LoadPanel().Button("Fire requests")).ToBeDisabledAsync();
            await Expect(page.LoadPanel()).ToContainTextAsync(NoNumber());
        }

        Assert.Equal(
            0, (await Http.GetJsonAsync("/admin/load")).EnumerateArray().Count(load => load.GetProperty("state").GetString() == "running"));
    }

    [BrowserFact]
    public async Task Numbers_OutOfRange_BecomeOnesThatFieldButtonAndLoadAgreeOn()
    {
        var page = await OpenAsync();
        var requests = page.GetByLabel("Requests", new() { Exact = true });
        var fire = page.LoadPanel().GetByRole(AriaRole.Button, new() { NameRegex = Fire() });
        foreach (var (typed, becomes) in new[] { ("0", 1), ("-5", 1), ("20000", 10_000) })
        {
            await requests.FillAsync("50");
            await requests.BlurAsync();
            await Expect(fire).ToHaveTextAsync("Fire 50 requests");
            await requests.FocusAsync();
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.PressAsync("Delete");
            await page.Keyboard.TypeAsync(typed);
            await page.Keyboard.PressAsync("Tab");

            await Expect(fire).ToHaveTextAsync(
                becomes == 1 ? "Fire 1 request" : string.Create(CultureInfo.InvariantCulture, $"Fire {becomes:N0} requests"));
            await Expect(requests).ToHaveValueAsync($"{becomes}");
            await fire.ClickAsync();
            await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveCountAsync(1);
            Assert.Equal(becomes, (await Http.GetJsonAsync("/admin/load"))[0].GetProperty("requests").GetInt32());
            using var reset = await Http.PostAsync("/admin/reset");
            await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
        }
    }

    [BrowserFact]
    public async Task Traffic_SwitchedOnAndOff_RunsMeanwhileAndLeavesGapsAround()
    {
        var page = await OpenAsync();
        var traffic = page.LoadPanel().GetByRole(
            AriaRole.Switch, new() { Name = "Keep traffic on" }).Or(page.LoadPanel().GetByLabel("Keep traffic on"));

        await traffic.ClickAsync();
        await Expect(traffic).ToBeCheckedAsync();
        await Expect(page.LoadPanel()).ToContainTextAsync("5 requests a second, ");
        await Expect(page.Tile("Errors")).ToHaveClassAsync("tile good");
        await Expect(page.Markers()).ToHaveTextAsync(["traffic 5/s"]);

        // The chart draws a line only between two seconds with requests.
        await Expect(page.Locator(".plot path.p50:not(.dots)")).ToHaveAttributeAsync("d", Drawn());
        await traffic.ClickAsync();

        await Expect(traffic).Not.ToBeCheckedAsync();
        await Expect(page.LoadPanel()).ToContainTextAsync("5 requests a second until switched off");
        var run = (await Http.GetJsonAsync("/admin/load"))[0];
        Assert.Equal("cancelled", run.GetProperty("state").GetString());
    }

    [BrowserFact]
    public async Task Reset_AskedAndMeant_EmptiesEverything()
    {
        await SetModeAsync("cache_off");
        using var load = await Http.PostAsync("/admin/load", new { requests = 3, concurrency = 1 });
        var page = await OpenAsync();
        await Expect(page.Panel("Last requests").GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Expect(page.Markers()).ToHaveTextAsync(["cache_off", "3 requests"]);

        await page.Button("Reset everything").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).Button("Keep").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Badge()).ToHaveTextAsync("Mode cache_off");

        await page.Button("Reset everything").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).Button("Reset").ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Healthy");
        await Expect(page.Panel("Last requests")).ToContainTextAsync("None yet");
        await Expect(page.LoadPanel().GetByRole(AriaRole.Progressbar)).ToHaveCountAsync(0);
        await Expect(page.Markers()).ToHaveCountAsync(0);
    }

    /// <summary>Counts of answers by status, once no request is in flight.</summary>
    private static async Task<Dictionary<string, int>> CountsAsync(IPage page)
    {
        await Expect(page.LoadPanel().Locator(".counts")).Not.ToContainTextAsync("in flight");
        var counts = await page.LoadPanel().Locator(".counts > div").AllInnerTextsAsync();
        return counts.Select(count => count.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(count => count[0].All(char.IsAsciiDigit))
            .ToDictionary(count => count[0], count => int.Parse(count[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("^M")]
    private static partial Regex Drawn();

    [GeneratedRegex("^Fire ")]
    private static partial Regex Fire();

    [GeneratedRegex("A whole number from 1 to 10,000|Not a valid number")]
    private static partial Regex NoNumber();

    [GeneratedRegex("^([1-9]|[1-4][0-9]) of 50$")]
    private static partial Regex UnderWay();

    [GeneratedRegex("^50 requests fired: [0-9]+ × 200, [0-9]+ × 500$")]
    private static partial Regex FiredWithErrors();

    [GeneratedRegex("^Cancelled after [0-9]+ answers? of 50$")]
    private static partial Regex Cancelled();
}
