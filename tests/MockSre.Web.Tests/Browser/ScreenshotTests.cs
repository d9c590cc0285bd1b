using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MockSre.Web.Tests.Browser;

/// <summary>Plays the demo and takes screenshots. SCREENSHOTS=directory keeps them for the README; otherwise the demo is short.</summary>
[Collection(BrowserCollections.Demo)]
public sealed partial class ScreenshotTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private const int Width = 1920;
    private const int Height = 1080;

    /// <summary>An image of a single colour is smaller.</summary>
    private const int BlankBytes = 40_000;

    /// <summary>A larger GIF takes too long to load.</summary>
    private const int MaxGifBytes = 2_000_000;

    private readonly string? _wanted = Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } directory ? directory : null;

    [BrowserFact]
    public async Task Demo_Played_LooksLikeSomething()
    {
        var directory = _wanted is null ? Directory.CreateTempSubdirectory("mocksre-screenshots-") : Directory.CreateDirectory(_wanted);
        var context = await NewContextAsync(
            new() { ViewportSize = new() { Width = Width, Height = Height }, ReducedMotion = ReducedMotion.Reduce });
        var page = await OpenAsync(context);
        await page.LoadPanel().GetByLabel("Keep traffic on").ClickAsync();
        await Expect(page.Locator(".plot path.p95:not(.dots)")).ToHaveAttributeAsync(
            "d", new Regex($"(L[^ML]+){{{(_wanted is null ? 1 : 40)}}}"), new() { Timeout = 90_000 });

        await page.Mode("combined").ClickAsync();
        await page.LoadPanel().Button("Fire 50 requests").ClickAsync();
        await Expect(page.Tile("Errors")).ToHaveClassAsync("tile bad");
        await Expect(page.LoadPanel().GetByRole(AriaRole.Status)).ToContainTextAsync(_wanted is null ? "50 requests" : "50 requests fired");
        await Expect(page.Panel("Expected signals").Locator("li.witnessed").Nth(_wanted is null ? 1 : 3)).ToBeVisibleAsync();
        await Expect(page.Locator(".plot path.errors")).ToHaveAttributeAsync(
            "d", new Regex($"(M[^M]+){{{(_wanted is null ? 1 : 20)}}}"), new() { Timeout = 90_000 });
        await page.Mouse.MoveAsync(0, 0);
        await page.EvaluateAsync("() => document.activeElement.blur()");
        await ShootAsync(page, directory, "console");

        await page.GetByRole(AriaRole.Link, new() { Name = "Signals" }).ClickAsync();
        await page.Panel(Issues()).GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Stack trace");
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        await ShootAsync(page, directory, "signals");

        await page.GetByRole(AriaRole.Link, new() { Name = "Fixtures" }).ClickAsync();
        await Expect(page.Locator(".commits > li").First).ToBeVisibleAsync();
        await page.Mouse.MoveAsync(0, 0);
        await ShootAsync(page, directory, "fixtures");

        // Only the README's image waits the two minutes until the investigation begins.
        await page.GetByRole(AriaRole.Link, new() { Name = "Incidents" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Seed" }).FillAsync("7");
        await page.Button("Start").ClickAsync();
        await page.Button("Presenter").ClickAsync();
        await Expect(page.Locator(".steps [aria-current=step]")).ToContainTextAsync(
            _wanted is null ? "healthy" : "investigating", new() { Timeout = 180_000 });
        await page.Mouse.MoveAsync(0, 0);
        await ShootAsync(page, directory, "incidents");

        if (_wanted is null)
        {
            directory.Delete(recursive: true);
        }
    }

    [BrowserFact]
    public async Task Demo_Recorded_TurnsRedAndGreenAgain()
    {
        var directory = _wanted is null ? Directory.CreateTempSubdirectory("mocksre-recording-") : Directory.CreateDirectory(_wanted);
        var (warmUp, healthy, broken, repaired) = _wanted is null ? (1, 1, 1, 1) : (60, 6, 26, 22);
        var context = await NewContextAsync(new()
        {
            ViewportSize = new() { Width = 1600, Height = 990 },
            ColorScheme = ColorScheme.Dark,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await OpenAsync(context);
        using var recording = new GifRecording();

        await page.LoadPanel().GetByLabel("Keep traffic on").ClickAsync();
        var seconds = page.Locator(".plot path.served");
        await Expect(seconds).ToHaveAttributeAsync("d", new Regex($"(M[^M]+){{{warmUp}}}"), new() { Timeout = 120_000 });
        await page.Mouse.MoveAsync(0, 0);
        await recording.RecordAsync(page, healthy);

        await page.Mode("combined").ClickAsync();
        await page.Mouse.MoveAsync(0, 0);
        await recording.RecordAsync(page, broken);
        await Expect(page.Tile("Errors")).ToHaveClassAsync("tile bad");

        await page.Mode("none").ClickAsync();
        await page.Mouse.MoveAsync(0, 0);
        await recording.RecordAsync(page, repaired);
        await Expect(page.Tile("Errors")).Not.ToHaveClassAsync("tile bad");

        var path = Path.Combine(directory.FullName, "demo.gif");
        await recording.WriteAsync(path);
        Assert.InRange(new FileInfo(path).Length, BlankBytes, MaxGifBytes);
        if (_wanted is null)
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task ShootAsync(IPage page, DirectoryInfo directory, string name)
    {
        foreach (var (look, surface) in new[] { (ColorScheme.Light, "rgb(255, 255, 255)"), (ColorScheme.Dark, "rgb(21, 28, 35)") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = look });
            await Expect(page.GetByRole(AriaRole.Banner)).ToHaveCSSAsync("background-color", surface);
            var path = Path.Combine(directory.FullName, $"{name}-{look.ToString().ToLower(CultureInfo.InvariantCulture)}.png");
            var image = await page.ScreenshotAsync(new() { Path = path, Animations = ScreenshotAnimations.Disabled });

            Assert.Equal(
                (Width, Height),
                (BinaryPrimitives.ReadInt32BigEndian(image.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(image.AsSpan(20))));
            Assert.True(image.Length > BlankBytes, $"{path} has only {image.Length} bytes");
        }
    }

    [GeneratedRegex(@"^Issues \(\d+\)$")]
    private static partial Regex Issues();
}
