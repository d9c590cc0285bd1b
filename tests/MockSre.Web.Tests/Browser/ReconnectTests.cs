using Microsoft.Playwright;
using MockSre.Checks;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>The test's own service stops and starts again.</summary>
[Collection(BrowserCollections.OwnService)]
public sealed class ReconnectTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private ServerProcess? _service;

    [BrowserFact]
    public async Task Service_StoppedAndStartedAgain_IsSaidToBeAwayAndThePageComesBack()
    {
        Trouble = true;
        var page = await OpenAsync();
        await page.Mode("cache_off").ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Mode cache_off");
        var notice = page.GetByRole(AriaRole.Dialog, new() { Name = "Connection" });

        await _service!.DisposeAsync();
        await Expect(notice).ToContainTextAsync("The connection to MockSre was lost");
        await Expect(page.Badge()).ToHaveTextAsync("Mode cache_off");
        _service = await BrowserFixture.StartServiceAsync(Service.Address.Port);

        // The restarted service has lost its mode, and the page shows that.
        await Expect(page.Badge()).ToHaveTextAsync("Healthy");
        await Expect(notice).ToBeHiddenAsync();
        await page.Mode("slow_query").ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Mode slow_query");
    }

    internal override async Task<ServerProcess> ServiceAsync() => _service = await BrowserFixture.StartServiceAsync();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }
}
