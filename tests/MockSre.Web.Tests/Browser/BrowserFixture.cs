using Microsoft.Playwright;
using MockSre.Checks;

namespace MockSre.Web.Tests.Browser;

/// <summary>One browser and one service for all tests of the console, which run alone and one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Console in a browser";
}

/// <summary>Starts both when a test first needs them, so that nothing runs where all tests are skipped.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly Lazy<Task<IPlaywright>> _playwright = new(Playwright.CreateAsync);
    private readonly Lazy<Task<ServerProcess>> _service = new(() => StartServiceAsync());
    private readonly Lazy<Task<IBrowser>> _browser;

    public BrowserFixture() => _browser = new(async () => await Chromium.LaunchAsync(await _playwright.Value));

    /// <summary>Far beyond anything a busy machine needs, as what is waited for comes by itself.</summary>
    public const int PatienceMs = 20_000;

    internal Task<IBrowser> BrowserAsync() => _browser.Value;

    internal Task<ServerProcess> ServiceAsync() => _service.Value;

    /// <summary>The program as it was built: only in Development does it find its static files where they stand in the sources.</summary>
    internal static Task<ServerProcess> StartServiceAsync(params (string Variable, string Value)[] settings) =>
        StartServiceAsync(port: 0, settings);

    internal static Task<ServerProcess> StartServiceAsync(int port, params (string Variable, string Value)[] settings) =>
        ServerProcess.StartServiceAsync(
            Path.Combine(AppContext.BaseDirectory, "MockSre.Web.dll"), port, [.. settings, ("ASPNETCORE_ENVIRONMENT", "Development")]);

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
