using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MockSre.Checks;
using MockSre.Domain.Fixtures;
using MockSre.Web.Tests.Signals;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>Components fail in a real circuit with the real SDK. A process has only one SDK, so these tests run alone.</summary>
[Collection(SentryInProcess.Name)]
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class ComponentFailureTests
{
    [BrowserFact]
    public async Task Components_TwoFailAtOnce_ShowOneMessageAndAreAnEventEachAndNothingElse()
    {
        await using var whole = MockSreApp.Start(("SIGNAL_INBOX", "true"));
        await using var app = whole.WithWebHostBuilder(
            host => host.ConfigureTestServices(services => services.AddSingleton(new FixtureReader(null!))));
        app.UseKestrel(0);
        app.StartServer();
        using var http = app.CreateClient();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { BaseURL = http.BaseAddress!.ToString() });

        await page.GotoAsync("/fixtures");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This part of the console failed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sentry signals" })).ToBeVisibleAsync();

        var issues = await http.GetUntilAsync(
            "/api/signals/issues",
            issues => issues.GetProperty("issues").EnumerateArray().Any(issue => issue.GetProperty("count").GetInt32() > 1));
        var issue = Assert.Single(issues.GetProperty("issues").EnumerateArray());
        Assert.Equal("System.ArgumentNullException", issue.GetProperty("type").GetString());
        Assert.Equal((2, 0), (issue.GetProperty("count").GetInt32(), issue.GetProperty("tags").GetArrayLength()));
        var summary = await http.GetJsonAsync("/api/signals/summary");
        Assert.Equal((2, 0), (summary.GetProperty("errors").GetInt32(), summary.GetProperty("transactions").GetInt32()));
        var raw = await http.GetJsonAsync($"/api/signals/events/{issue.GetProperty("latest_event_id").GetString()}");
        Assert.Equal("/fixtures", raw.GetProperty("contexts").GetProperty("console").GetProperty("page").GetString());
        Assert.DoesNotContain("_blazor", raw.GetRawText(), StringComparison.Ordinal);
        var expectations = await http.GetJsonAsync("/api/signals/expectations");
        Assert.All(
            expectations.GetProperty("expectations").EnumerateArray(),
            expectation => Assert.Equal(0, expectation.GetProperty("observed").GetInt32()));
    }
}
