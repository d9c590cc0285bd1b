using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>A run on a real service, from its start to its row in the history. The tests do not wait two minutes for the alert.</summary>
[Collection(BrowserCollections.OtherPages)]
public sealed partial class IncidentPageTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    [BrowserFact]
    public async Task Run_StartedAndCancelled_IsWatchedHealthyAndStandsInTheHistory()
    {
        var page = await StartAsync();

        // The investigator's view opens first and does not reveal the fault.
        await Expect(page.Button("Investigator")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByRole(AriaRole.Main)).Not.ToContainTextAsync(
            new Regex("incident b|fault deployed|truth", RegexOptions.IgnoreCase));
        await Expect(page.Panel("Alert")).ToContainTextAsync("No alert has fired yet.");

        // The live chart shows healthy figures from the deploy on.
        await Expect(page.Locator(".plot path.served")).ToHaveAttributeAsync("d", Seconds());
        Assert.Equal("", await page.Locator(".plot path.errors").GetAttributeAsync("d"));
        await Expect(page.Badge()).ToContainTextAsync("Incident, release");
        await Expect(page.Markers().First).ToContainTextAsync(Release());

        await page.Button("Presenter").ClickAsync();
        await Expect(page.Locator(".steps [aria-current=step]")).ToContainTextAsync("healthy");
        await Expect(page.Panel("The truth")).ToContainTextAsync("investigation begins in");

        var console = await OpenAsync();
        await Expect(console.Locator(".notice")).ToContainTextAsync("Modes, loads and resets wait until the incident run is closed.");
        await Expect(console.Mode("combined")).ToBeDisabledAsync();
        await console.CloseAsync();

        // The focus starts on the button that changes nothing. Escape closes the dialog.
        await page.Button("Cancel").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).Button("Keep it open")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Button("Investigator")).ToBeVisibleAsync();

        await page.Button("Cancel").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).Button("Cancel the run").ClickAsync();
        await Expect(page.Panel("Score")).ToContainTextAsync("Nobody could investigate");
        await Expect(page.Locator(".steps")).ToContainTextAsync("abandoned: cancelled");

        await page.GetByRole(AriaRole.Link, new() { Name = "All runs" }).ClickAsync();
        await Expect(page.Panel("Runs").GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("Incident B");
        await Expect(page.Panel("Runs").GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("abandoned, cancelled");
        await Expect(page.Button("Start")).ToBeEnabledAsync();
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OnEveryViewOfARun_FindsNothingSerious(ColorScheme look)
    {
        var context = await NewContextAsync(new() { ColorScheme = look, ReducedMotion = ReducedMotion.Reduce });
        var page = await OpenAsync(context, "/incidents");
        List<string> found = [.. await Axe.FindAsync(page, look, "/incidents")];
        page = await StartAsync(context);
        await page.Locator("details summary").First.ClickAsync();
        found.AddRange(await Axe.FindAsync(page, look, "commits"));
        foreach (var kind in new[] { "Deploys", "Config", "Metrics", "Signals", "Logs" })
        {
            await page.Button(kind).ClickAsync();
            await Expect(page.Button(kind)).ToHaveAttributeAsync("aria-pressed", "true");
            found.AddRange(await Axe.FindAsync(page, look, kind));
        }

        await page.Button("Presenter").ClickAsync();
        await Expect(page.Panel("The truth")).ToBeVisibleAsync();
        found.AddRange(await Axe.FindAsync(page, look, "presenter"));

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [BrowserFact]
    public async Task Run_OnAPhone_NeedsNoScrollingSideways()
    {
        var context = await NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var page = await StartAsync(context);
        await AssertFitsAsync(page);
        await page.Locator("details summary").First.ClickAsync();
        foreach (var kind in new[] { "Deploys", "Config", "Metrics", "Signals", "Logs", "Presenter" })
        {
            await page.Button(kind).ClickAsync();
            await Expect(page.Button(kind)).ToHaveAttributeAsync("aria-pressed", "true");
            await AssertFitsAsync(page);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Incidents" }).ClickAsync();
        await Expect(page.Panel("Runs")).ToBeVisibleAsync();
        await AssertFitsAsync(page);
    }

    private static async Task AssertFitsAsync(IPage page) =>
        Assert.Equal(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"));

    private async Task<IPage> StartAsync(IBrowserContext? context = null)
    {
        var page = await OpenAsync(context ?? Context, "/incidents");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Seed" }).FillAsync("7");
        await page.Button("Start").ClickAsync();
        await Expect(page.Button("Investigator")).ToBeVisibleAsync();
        return page;
    }

    [GeneratedRegex("(M[^M]+){3}")]
    private static partial Regex Seconds();

    [GeneratedRegex("^[0-9a-f]{7}")]
    private static partial Regex Release();
}
