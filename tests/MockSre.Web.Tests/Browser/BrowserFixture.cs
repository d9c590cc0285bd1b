using Microsoft.Playwright;
using MockSre.Checks;
using MockSre.Web.Tests.Composition;

namespace MockSre.Web.Tests.Browser;

/// <summary>
/// The collections of browser tests. Each has one browser and at most one shared service. The tests of a collection run one at a time.
/// Collections run in parallel.
/// </summary>
internal static class BrowserCollections
{
    public const string ConsolePage = "The console page in a browser";
    public const string OtherPages = "The other pages in a browser";
    public const string Accessibility = "Accessibility in a browser";
    public const string OwnService = "The console of a service of the test's own";
    public const string Demo = "The demo in a browser";
    public const string Proxy = "The console behind a proxy";
}

[CollectionDefinition(BrowserCollections.ConsolePage)]
public sealed class ConsolePageBrowser : ICollectionFixture<BrowserFixture>;

[CollectionDefinition(BrowserCollections.OtherPages)]
public sealed class OtherPagesBrowser : ICollectionFixture<BrowserFixture>;

[CollectionDefinition(BrowserCollections.Accessibility)]
public sealed class AccessibilityBrowser : ICollectionFixture<BrowserFixture>;

// Runs alone, because a test restarts its service on the same port. Between stop and start, another test could get that port.
[CollectionDefinition(BrowserCollections.OwnService, DisableParallelization = true)]
public sealed class OwnServiceBrowser : ICollectionFixture<BrowserFixture>;

[CollectionDefinition(BrowserCollections.Demo)]
public sealed class DemoBrowser : ICollectionFixture<BrowserFixture>;

[CollectionDefinition(BrowserCollections.Proxy)]
public sealed class ProxyBrowser : ICollectionFixture<BrowserFixture>;

/// <summary>Starts the browser and the service when a test first needs them. If all tests are skipped, nothing starts.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly Lazy<Task<IPlaywright>> _playwright = new(Playwright.CreateAsync);
    private readonly Lazy<Task<ServerProcess>> _service = new(() => StartServiceAsync());
    private readonly Lazy<Task<IBrowser>> _browser;

    public BrowserFixture() => _browser = new(async () => await Chromium.LaunchAsync(await _playwright.Value));

    /// <summary>Much longer than a busy machine needs. A wait ends as soon as its condition holds, so a long limit costs nothing.</summary>
    public const int PatienceMs = 60_000;

    internal Task<IBrowser> BrowserAsync() => _browser.Value;

    internal Task<ServerProcess> ServiceAsync() => _service.Value;

    internal static Task<ServerProcess> StartServiceAsync(params (string Variable, string Value)[] settings) =>
        StartServiceAsync(port: 0, settings);

    internal static Task<ServerProcess> StartServiceAsync(int port, params (string Variable, string Value)[] settings) =>
        ServerProcess.StartServiceAsync(
            ServiceProgram.File, port, [.. settings, .. ServiceProgram.Settings]);

    public Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_browser.IsValueCreated && _browser.Value.IsCompletedSuccessfully)
        {
            await (await _browser.Value).DisposeAsync();
        }

        if (_playwright.IsValueCreated && _playwright.Value.IsCompletedSuccessfully)
        {
            (await _playwright.Value).Dispose();
        }

        if (_service.IsValueCreated && _service.Value.IsCompletedSuccessfully)
        {
            await (await _service.Value).DisposeAsync();
        }
    }
}
