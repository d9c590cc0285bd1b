using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>No page causes a failed request, a request to another host, or a message in the browser's console.</summary>
[Collection(BrowserCollections.OtherPages)]
public sealed class PagesTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Pages_OneAfterTheOther_HaveTheirTitleAndNoProblems()
    {
        foreach (var (path, title) in new[]
                 {
                     ("/", "MockSre console"), ("/signals", "Signals – MockSre"), ("/incidents", "Incidents – MockSre"),
                     ("/fixtures", "Fixtures – MockSre"), ("/sign-in", "Sign in – MockSre"),
                 })
        {
            var page = await OpenAsync(path);
            await Expect(page).ToHaveTitleAsync(title);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.CloseAsync();
        }

        Assert.True(WatchOf(Context).Requests > 20);
        WatchOf(Context).AssertQuiet();
    }

    [BrowserFact]
    public async Task Docs_Opened_ShowTheApiAndOnlyAskWhetherTheyMayEval()
    {
        Trouble = true;
        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "API", Exact = true }).ClickAsync();

        await Expect(page.GetByText("/api/users/profile/{user_id}").First).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        // Scalar tries eval, which the policy forbids. It works without eval.
        Assert.All(
            WatchOf(Context).Problems, problem => Assert.EndsWith("broken policy: script-src eval", problem, StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task Favicon_OfThePage_IsAnImage()
    {
        var page = await OpenAsync();

        var answer = await page.APIRequest.GetAsync((await page.Locator("link[rel=icon]").GetAttributeAsync("href"))!);

        Assert.Equal((200, "image/svg+xml"), (answer.Status, answer.Headers["content-type"]));
    }

    [BrowserFact]
    public async Task UnknownPath_Opened_IsAPageWithAWayBack()
    {
        Trouble = true;
        var page = await Context.NewPageAsync();

        var answer = await page.GotoAsync("/nowhere/at/all");

        Assert.Equal((404, "text/html; charset=utf-8"), (answer!.Status, answer.Headers["content-type"]));
        await Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Not Found");
        Assert.DoesNotContain(WatchOf(Context).Problems, problem => problem.Contains("broken policy", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Link, new() { Name = "Console" }).ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Healthy");
    }

    [BrowserFact]
    public async Task Watch_OfWhatNoPageShouldDo_SeesAllOfIt()
    {
        Trouble = true;
        var page = await OpenAsync();

        await page.EvaluateAsync("""
            async () => {
              await fetch('http://127.0.0.1:9/').catch(() => {});
              await fetch('/nowhere');
              document.head.append(Object.assign(document.createElement('script'), { textContent: 'document.title = 1' }));
              setTimeout(() => { throw new Error('loud'); });
            }
            """);
        var image = await Context.NewPageAsync();
        await image.GotoAsync("http://127.0.0.1:9/").ContinueWith(_ => { }, TaskScheduler.Default);

        foreach (var problem in new[]
        {
            "broken policy: connect-src", "broken policy: script-src", "404 for ", "error in the browser's console", "unhandled: ",
            "request to another host", "failed: ",
        })
        {
            await Expect(page).ToHaveTitleAsync("MockSre console");
            Assert.True(
                WatchOf(Context).Problems.Any(seen => seen.Contains(problem, StringComparison.Ordinal)),
                $"No recorded problem contains '{problem}':\n{string.Join('\n', WatchOf(Context).Problems)}");
        }
    }
}
