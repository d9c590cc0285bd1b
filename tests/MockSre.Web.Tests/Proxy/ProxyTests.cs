using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MockSre.Checks;
using MockSre.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Proxy;

/// <summary>The console in a browser behind a real nginx, configured with the blocks of docs/deploying.md.</summary>
[Collection(BrowserCollections.Proxy)]
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class ProxyTests(BrowserFixture fixture) : IAsyncLifetime
{
    private const string Token = "open-sesame-4c1f";
    private const string Plain = $"location / {{ proxy_pass {Nginx.ExampleService}; }}";

    private const int Root = 1;
    private const int PrefixStripped = 2;
    private const int PrefixKept = 3;
    private const int PrefixForwarded = 4;

    private readonly Nginx _nginx = Nginx.Reserve();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private readonly ConcurrentQueue<string> _websockets = new();
    private ServerProcess? _service;
    private IBrowserContext? _context;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        await _nginx.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }

    [NginxFact]
    public async Task Console_HostRewrittenAndPublicUrlSet_LivesOnAWebsocket()
    {
        await StartAsync(Nginx.Manual[Root], ("PUBLIC_URL", _nginx.Address.AbsoluteUri));

        await PlayAsync("");

        Assert.Contains(_websockets, url => url.StartsWith($"ws://{_nginx.Address.Authority}/_blazor", StringComparison.Ordinal));
    }

    [NginxFact]
    public async Task Console_ProxyWithoutWebsockets_LivesAllTheSame()
    {
        await StartAsync(Plain, ("PUBLIC_URL", _nginx.Address.AbsoluteUri));

        await PlayAsync("", isQuiet: false);
    }

    [NginxTheory]
    [InlineData(PrefixStripped)]
    [InlineData(PrefixKept)]
    public async Task Console_BelowAPath_StaysBelowIt(int block)
    {
        await StartAsync(Nginx.Manual[block], ("PUBLIC_URL", new Uri(_nginx.Address, "mocksre/").AbsoluteUri));

        await PlayAsync("mocksre/");

        Assert.All(_requests, request => Assert.StartsWith("/mocksre/", request.AbsolutePath, StringComparison.Ordinal));
        Assert.Contains(_websockets, url => url.StartsWith($"ws://{_nginx.Address.Authority}/mocksre/_blazor", StringComparison.Ordinal));
    }

    [NginxFact]
    public async Task Console_ForwardedHeadersOfATrustedProxy_NeedNoPublicUrl()
    {
        await StartAsync(Nginx.Manual[PrefixForwarded], ("FORWARDED_HEADERS", "127.0.0.1"), ("ALLOWED_HOSTS", _nginx.Address.Host));

        await PlayAsync("mocksre/");

        Assert.All(_requests, request => Assert.StartsWith("/mocksre/", request.AbsolutePath, StringComparison.Ordinal));
    }

    [NginxFact]
    public async Task Console_HostRewrittenAndNothingSet_SaysWhatIsWrongAndWhichSettingMendsIt()
    {
        await StartAsync(Plain);
        var page = await _context!.NewPageAsync();

        await page.GotoAsync("/");

        var problem = page.GetByRole(AriaRole.Alert);
        await Expect(problem).ToContainTextAsync("The console cannot connect");
        await Expect(problem).ToContainTextAsync("PUBLIC_URL");
        await Expect(problem).ToContainTextAsync(_nginx.Address.AbsoluteUri);
        await Expect(problem.Button("Try again")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Banner)).ToHaveCountAsync(0);
    }

    [NginxFact]
    public async Task SignInForm_HostRewrittenAndNothingSet_IsRefusedWithAPage()
    {
        await StartAsync(Plain);
        var page = await _context!.NewPageAsync();
        await page.GotoAsync("/nowhere");
        await page.EvaluateAsync("document.body.innerHTML = '<form method=post action=session/sign-in><button>Send</button></form>'");

        await page.Button("Send").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Request from another origin");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("PUBLIC_URL");
    }

    [NginxFact]
    public async Task Page_OpenedDirectlyOutsideThePath_MovesIntoIt()
    {
        await StartAsync(Nginx.Manual[PrefixStripped], ("PUBLIC_URL", new Uri(_nginx.Address, "mocksre/").AbsoluteUri));
        var page = await _context!.NewPageAsync();

        await page.GotoAsync(new Uri(_service!.Address, "/signals?event=1#part").AbsoluteUri);

        await Expect(page.GetByRole(AriaRole.Banner)).ToBeVisibleAsync();
        Assert.Equal(new Uri(_service.Address, "/mocksre/signals?event=1#part"), new Uri(page.Url));
        await page.GotoAsync(new Uri(_service.Address, "/mocksre").AbsoluteUri);
        await Expect(page).ToHaveURLAsync(new Uri(_service.Address, "/mocksre/").AbsoluteUri);
        await Expect(page.GetByRole(AriaRole.Banner)).ToBeVisibleAsync();
    }

    private async Task StartAsync(string location, params (string Variable, string Value)[] settings)
    {
        _service = await BrowserFixture.StartServiceAsync([("ADMIN_TOKEN", Token), .. settings]);
        await _nginx.StartAsync(location, _service.Address);
        _context = await (await fixture.BrowserAsync()).NewContextAsync(new() { BaseURL = _nginx.Address.AbsoluteUri });
        _context.SetDefaultTimeout(BrowserFixture.PatienceMs);
        _context.Request += (_, request) => _requests.Enqueue(new Uri(request.Url));
        _context.Page += (_, page) => page.WebSocket += (_, websocket) => _websockets.Enqueue(websocket.Url);
    }

    /// <summary>Signs in, sets a failure mode, follows the links to all pages, and downloads a fixture.</summary>
    private async Task PlayAsync(string pathBase, bool isQuiet = true)
    {
        var watch = await PageWatch.StartAsync(_context!, _nginx.Address);
        var page = await _context!.NewPageAsync();
        await page.GotoAsync($"/{pathBase}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).First.ClickAsync();
        await page.GetByLabel("Admin token").FillAsync(Token);
        await page.GetByRole(AriaRole.Main).Button("Sign in").ClickAsync();
        await page.Mode("cache_off").ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Mode cache_off");

        foreach (var (link, path) in new[]
                 {
                     ("Signals", "signals"), ("Incidents", "incidents"), ("Fixtures", "fixtures"), ("MockSre console", ""),
                 })
        {
            await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();
            await Expect(page).ToHaveURLAsync(new Uri(_nginx.Address, pathBase + path).AbsoluteUri);
            await Expect(page.GetByRole(AriaRole.Main)).ToBeVisibleAsync();
        }

        await page.GotoAsync($"/{pathBase}fixtures");
        var configuration = page.Panel("Configuration");
        await configuration.Locator("summary").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(
            () => configuration.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal(new Uri(_nginx.Address, $"{pathBase}api/fixtures/config"), new Uri(download.Url));

        if (isQuiet)
        {
            watch.AssertQuiet();
        }

        // The API page is a large script, which then requests the description. So this wait is longer.
        var description = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "API", Exact = true }).ClickAsync(),
            new Regex("/openapi/"),
            new() { Timeout = BrowserFixture.PatienceMs });
        Assert.Equal((200, new Uri(_nginx.Address, $"{pathBase}openapi/v1.json")), (description.Status, new Uri(description.Url)));
    }
}
