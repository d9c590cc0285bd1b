using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MockSre.Checks;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>A test of the console in its own browser context, on a reset service. An unexpected error in the browser fails it.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public abstract class BrowserTest(BrowserFixture fixture) : IAsyncLifetime
{
    private readonly List<(IBrowserContext Context, PageWatch Watch)> _opened = [];

    internal ServerProcess Service { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    protected IBrowserContext Context { get; private set; } = null!;

    /// <summary>Whether errors in the browser are expected, for example because the service stops.</summary>
    protected bool Trouble { get; set; }

    public virtual async Task InitializeAsync()
    {
        Service = await ServiceAsync();
        Http = new HttpClient { BaseAddress = Service.Address };
        if (IsReset)
        {
            // The service refuses a reset while an incident run is open. An earlier test may have left one.
            foreach (
                var run in (await Http.GetJsonAsync("/api/incidents")).GetProperty("incidents").EnumerateArray()
                    .Where(run => run.GetProperty("closed_at").ValueKind == JsonValueKind.Null))
            {
                using var cancelled = await Http.DeleteAsync(
                    new Uri($"/admin/incidents/{run.GetProperty("id").GetString()}", UriKind.Relative));
                cancelled.EnsureSuccessStatusCode();
            }

            using var reset = await Http.PostAsync("/admin/reset");
            reset.EnsureSuccessStatusCode();
        }

        Context = await NewContextAsync();
    }

    public virtual async Task DisposeAsync()
    {
        Http?.Dispose();
        foreach (var (context, _) in _opened)
        {
            await context.DisposeAsync();
        }

        if (!Trouble)
        {
            _opened.ForEach(opened => opened.Watch.AssertQuiet());
        }
    }

    /// <summary>Whether the service is reset before the test. A test's own service needs no reset.</summary>
    protected virtual bool IsReset => true;

    /// <summary>The service under test. By default the tests of a collection share one.</summary>
    internal virtual Task<ServerProcess> ServiceAsync() => fixture.ServiceAsync();

    /// <summary>Opens another context with its own cookies and storage. Its errors fail the test too.</summary>
    protected async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = Service.Address.ToString();
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 900 };
        var context = await (await fixture.BrowserAsync()).NewContextAsync(options);
        context.SetDefaultTimeout(BrowserFixture.PatienceMs);
        _opened.Add((context, await PageWatch.StartAsync(context, Service.Address)));
        return context;
    }

    /// <summary>Opens a page of the console and waits until its circuit has rendered it.</summary>
    protected Task<IPage> OpenAsync(string path = "/") => OpenAsync(Context, path);

    protected static async Task<IPage> OpenAsync(IBrowserContext context, string path = "/")
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        await Expect(page.GetByRole(AriaRole.Banner)).ToBeVisibleAsync();
        return page;
    }

    internal PageWatch WatchOf(IBrowserContext context) => _opened.Single(opened => opened.Context == context).Watch;

    internal async Task SetModeAsync(string mode)
    {
        using var answer = await Http.SetModeAsync(mode);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Sends requests for users 1, 2, …, all at once.</summary>
    internal Task<int[]> SendAsync(int requests) => Task.WhenAll(Enumerable.Range(0, requests).Select(async number =>
    {
        using var answer = await Http.GetProfileAsync((number % 10) + 1);
        return (int)answer.StatusCode;
    }));
}

/// <summary>Finds elements of the pages, mostly by role and name as a user does.</summary>
internal static class Places
{
    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Button(this ILocator place, string name) =>
        place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Panel(this IPage page, string title) => page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    public static ILocator Panel(this IPage page, Regex title) => page.GetByRole(AriaRole.Region, new() { NameRegex = title });

    public static ILocator Mode(this IPage page, string mode) =>
        page.GetByRole(AriaRole.Group, new() { Name = "Failure mode" }).Button(mode);

    /// <summary>The badge with the mode in the app bar.</summary>
    public static ILocator Badge(this IPage page) => page.Locator(".app-bar .badge");

    public static ILocator LoadPanel(this IPage page) => page.Panel("Load");

    public static ILocator Plot(this IPage page) => page.Locator(".plot");

    /// <summary>The labels of the chart's markers.</summary>
    public static ILocator Markers(this IPage page) => page.Locator(".plot .marker span");

    public static ILocator Tile(this IPage page, string name) =>
        page.Locator(".tile").Filter(new() { Has = page.GetByText(name, new() { Exact = true }) });

    /// <summary>Presses Tab until the element has the focus, as a keyboard user does.</summary>
    public static async Task TabToAsync(this IPage page, ILocator wanted)
    {
        const int AtMost = 60;
        for (var presses = 0; presses < AtMost; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"No focus after {AtMost} presses of Tab: {wanted}");
    }
}
