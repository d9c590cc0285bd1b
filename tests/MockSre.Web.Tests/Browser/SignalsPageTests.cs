using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

[Collection(BrowserCollections.OtherPages)]
public sealed partial class SignalsPageTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Issue_OfCombined_OpensToStackTraceTagsAndBreadcrumbs()
    {
        await PlayCombinedAsync();
        var page = await OpenAsync("/signals");

        await page.Panel("Issues (1)").GetByRole(AriaRole.Button).ClickAsync();

        var signal = page.GetByRole(AriaRole.Article);
        await Expect(signal.GetByRole(AriaRole.Heading, new() { Level = 3 })).ToBeFocusedAsync();
        await Expect(signal.GetByRole(AriaRole.Heading, new() { Level = 3 })).ToContainTextAsync("PoolTimeoutException");
        await Expect(signal.Locator(".frames .in-app").First).ToContainTextAsync("AcquireAsync");
        await Expect(signal.Locator(".frames .in-app").First).ToContainTextAsync("ConnectionPool.cs:");
        await Expect(signal.Locator(".tags li").Filter(new() { HasText = "failure_mode" })).ToContainTextAsync("combined 100 %");
        await Expect(signal.GetByRole(AriaRole.Region, new() { Name = "Breadcrumbs" })).ToContainTextAsync("cache");
        await Expect(page.Panel("Issues (1)").GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-current", "true");
    }

    [BrowserFact]
    public async Task Transaction_TheSlowest_OpensToAWaterfallWithTheScan()
    {
        await SetModeAsync("slow_query");
        await SendAsync(1);
        var page = await OpenAsync("/signals");

        await page.Panel("GET /api/users/profile/{user_id}").GetByRole(AriaRole.Button).First.ClickAsync();

        var query = page.GetByRole(
            AriaRole.Region, new() { Name = "Spans as a waterfall" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "SELECT \"p\"" });
        await Expect(query).ToContainTextAsync("db.query");
        await Expect(query).ToContainTextAsync(TwoSeconds());
        Assert.True((await query.Locator(".bar").BoundingBoxAsync())!.Width > 50);
    }

    [BrowserFact]
    public async Task RawJson_CopiedAndDownloaded_IsWhatWasSent()
    {
        await Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await SendAsync(1);
        var page = await OpenAsync("/signals");
        await page.Panel("GET /api/users/profile/{user_id}").GetByRole(AriaRole.Button).First.ClickAsync();
        var raw = page.Locator("details.raw");
        await raw.Locator("summary").ClickAsync();
        await Expect(raw.Locator("pre")).ToContainTextAsync("\"transaction\": \"GET /api/users/profile/{user_id}\"");

        await raw.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByText("Copied event ")).ToBeVisibleAsync();
        using var copied = JsonDocument.Parse(await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        var download = await page.RunAndWaitForDownloadAsync(() => raw.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        using var downloaded = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));

        Assert.Equal($"{downloaded.RootElement.GetProperty("event_id").GetString()}.json", download.SuggestedFilename);
        Assert.True(JsonElement.DeepEquals(downloaded.RootElement, copied.RootElement));
    }

    [BrowserFact]
    public async Task Pause_WhileMoreComes_StandsStillThenEmptyingEmptiesIt()
    {
        await SendAsync(1);
        var page = await OpenAsync("/signals");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("1 transaction, p50");

        await page.Button("Pause").ClickAsync();
        await SendAsync(2);
        await Http.GetUntilAsync("/api/signals/summary", summary => summary.GetProperty("transactions").GetInt32() == 3);
        await Expect(page.GetByText(PausedAt())).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("1 transaction, p50");
        await page.Button("Resume").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("3 transactions, p50");

        await page.Button("Clear inbox").ClickAsync();
        await Expect(page.Panel("Transactions")).ToContainTextAsync("None yet");
        await Expect(page.Panel("Issues (0)")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Evidence_OfAnExpectation_LeadsToItsSignal()
    {
        await PlayCombinedAsync();
        var page = await OpenAsync();
        await Expect(page.Panel("Expected signals").Locator("li.witnessed")).ToHaveCountAsync(4);

        await page.GetByRole(AriaRole.Link, new() { NameRegex = ErrorEvidence() }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("PoolTimeoutException");
        Assert.Matches("/signals\\?event=[0-9a-f]{32}$", page.Url);
    }

    [BrowserFact]
    public async Task Event_OfAnotherTime_IsSaidToBeGone()
    {
        var page = await OpenAsync($"/signals?event={new string('a', 32)}");

        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "no event with this id" })).ToBeVisibleAsync();
    }

    // Two of the twenty concurrent requests get the two connections and scan. The others time out after a second.
    private async Task PlayCombinedAsync()
    {
        await SetModeAsync("combined");
        Assert.Equal(18, (await SendAsync(20)).Count(status => status == 500));
        await Http.GetUntilAsync("/api/signals/summary", summary => summary.GetProperty("transactions").GetInt32() == 20);
    }

    [GeneratedRegex(@"2\.\d s")]
    private static partial Regex TwoSeconds();

    [GeneratedRegex("^paused at [0-9:]{8} UTC")]
    private static partial Regex PausedAt();

    [GeneratedRegex("^Latest evidence: Error events")]
    private static partial Regex ErrorEvidence();
}
