using System.Collections.Concurrent;
using Microsoft.Playwright;
using MockSre.Checks;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>Each test has its own service with an ADMIN_TOKEN.</summary>
[Collection(BrowserCollections.OwnService)]
public sealed class SignInTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private const string Token = "open-sesame-4c1f";

    private readonly ConcurrentQueue<string> _addresses = new();
    private ServerProcess? _service;

    protected override bool IsReset => false;

    [BrowserFact]
    public async Task SignIn_WrongThenRightTokenThenOut_LocksAndUnlocksEveryWindow()
    {
        var page = await OpenAsync();
        await AssertLockedAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).First.ClickAsync();
        await GiveAsync(page, "wrong");
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Alert)).ToHaveTextAsync("The token is wrong.");
        await GiveAsync(page, Token);
        await Expect(page.Button("Sign out")).ToBeVisibleAsync();
        Assert.Equal("/", new Uri(page.Url).AbsolutePath);

        var other = await OpenAsync();
        await other.Mode("cache_off").ClickAsync();
        await Expect(page.Badge()).ToHaveTextAsync("Mode cache_off");
        await Expect(page.Locator(".notice")).ToHaveCountAsync(0);

        // The session of one browser does not sign in another.
        var stranger = await OpenAsync(await NewContextAsync());
        await AssertLockedAsync(stranger);

        await page.Button("Sign out").ClickAsync();
        await Expect(other.Mode("none")).ToBeDisabledAsync();
        await AssertLockedAsync(other);
        await AssertLockedAsync(page);
        await AssertTokenIsNowhereAsync([page, other, stranger]);
    }

    [BrowserFact]
    public async Task Restart_OnTheSamePort_EndsTheSessionAndThePageComesBackToLook()
    {
        Trouble = true;
        var page = await OpenAsync("/sign-in");
        await GiveAsync(page, Token);
        await Expect(page.Mode("combined")).ToBeEnabledAsync();
        var log = _service!.LastLines;

        await _service.DisposeAsync();
        await Expect(
            page.GetByRole(AriaRole.Dialog, new() { Name = "Connection" })).ToContainTextAsync("The connection to MockSre was lost");
        _service = await StartAsync(Service.Address.Port);

        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Connection" })).ToBeHiddenAsync();
        await AssertLockedAsync(page);
        Assert.DoesNotContain(Token, log, StringComparison.Ordinal);
        await AssertTokenIsNowhereAsync([page]);
    }

    internal override async Task<ServerProcess> ServiceAsync() => _service = await StartAsync(port: 0);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Context.Request += (_, request) => _addresses.Enqueue(request.Url);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }

    private static Task<ServerProcess> StartAsync(int port) => BrowserFixture.StartServiceAsync(port, ("ADMIN_TOKEN", Token));

    private static async Task GiveAsync(IPage page, string token)
    {
        await page.GetByLabel("Admin token").FillAsync(token);
        await page.GetByRole(AriaRole.Main).Button("Sign in").ClickAsync();
    }

    private static async Task AssertLockedAsync(IPage page)
    {
        await Expect(page.Locator(".notice")).ToContainTextAsync("Sign in with the admin token to make changes.");
        await AssertDisabledAsync(page);
    }

    /// <summary>Checks that all controls on the console that make changes are disabled.</summary>
    internal static async Task AssertDisabledAsync(IPage page)
    {
        foreach (var mode in new[] { "none", "cache_off", "slow_query", "pool_saturation", "combined" })
        {
            await Expect(page.Mode(mode)).ToBeDisabledAsync();
        }

        await Expect(page.Button("Fire 50 requests")).ToBeDisabledAsync();
        await Expect(page.Button("Reset everything")).ToBeDisabledAsync();
        await Expect(page.LoadPanel().GetByLabel("Keep traffic on")).ToBeDisabledAsync();
        await Expect(page.LoadPanel().GetByLabel("Requests", new() { Exact = true })).ToBeDisabledAsync();
        await Expect(page.LoadPanel().GetByLabel("Concurrency")).ToBeDisabledAsync();
    }

    private async Task AssertTokenIsNowhereAsync(IEnumerable<IPage> pages)
    {
        foreach (var page in pages)
        {
            Assert.DoesNotContain(Token, await page.ContentAsync(), StringComparison.Ordinal);
        }

        Assert.NotEmpty(_addresses);
        Assert.DoesNotContain(_addresses, address => address.Contains(Token, StringComparison.Ordinal));

        // LastLines has the whole log only if it still has the first line.
        Assert.Contains("MockSre is at ", _service!.LastLines, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, _service.LastLines, StringComparison.Ordinal);
    }
}

/// <summary>A service with ENV=local, which allows no changes.</summary>
[Collection(BrowserCollections.OwnService)]
public sealed class LookOnlyTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private ServerProcess? _service;

    protected override bool IsReset => false;

    [BrowserFact]
    public async Task Controls_OutsideDemo_AreDisabledAndThePageSaysWhy()
    {
        var page = await OpenAsync();

        await Expect(page.Locator(".notice")).ToHaveTextAsync("Read-only. To allow changes, set ENV=demo in .env and restart the service.");
        await SignInTests.AssertDisabledAsync(page);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await Expect(page.Button("Clear inbox")).ToBeDisabledAsync();
        await page.GotoAsync("/sign-in");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("nothing to sign in to");
    }

    internal override async Task<ServerProcess> ServiceAsync() => _service = await BrowserFixture.StartServiceAsync(("ENV", "local"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }
}
