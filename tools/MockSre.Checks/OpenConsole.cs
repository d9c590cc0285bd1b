using System.Text;
using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>A console on a page of a real browser, and what its host sends it.</summary>
internal sealed class OpenConsole : IAsyncDisposable
{
    /// <summary>What every message that draws something names.</summary>
    private static readonly byte[] RenderBatch = Encoding.ASCII.GetBytes("JS.RenderBatch");

    /// <summary>
    /// From the click until the frame after the change has been handed to the screen, by the page's own clock: nothing of what it takes to
    /// tell the page from outside to click.
    /// </summary>
    private const string Click = """
        name => new Promise((resolve, reject) => {
          const button = [...document.querySelectorAll('.modes button')].find(button => button.textContent.trim() === name);
          if (button.getAttribute('aria-pressed') === 'true') { reject(new Error(`${name} is pressed already`)); return; }
          const clicked = performance.now();
          const observer = new MutationObserver(() => {
            if (button.getAttribute('aria-pressed') !== 'true') return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - clicked)));
          });
          observer.observe(button, { attributes: true, attributeFilter: ['aria-pressed'] });
          button.click();
        })
        """;

    private readonly IPage _page;
    private long _bytes;
    private long _draws;

    private OpenConsole(IPage page)
    {
        _page = page;
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Count(frame);
    }

    /// <summary>Bytes that its host sent over its connection so far, before they were compressed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Messages among them that drew something.</summary>
    public long Draws => Interlocked.Read(ref _draws);

    /// <summary>Opens one and waits until it shows its figures.</summary>
    public static async Task<OpenConsole> OpenAsync(IBrowserContext browser, Uri server)
    {
        var page = await browser.NewPageAsync();
        var console = new OpenConsole(page);
        await page.GotoAsync(server.AbsoluteUri);
        await page.Locator(".tile .value").First.WaitForAsync();
        return console;
    }

    /// <summary>Clicks on a mode.</summary>
    /// <returns>How long it took until the mode stood on the screen as the one in force.</returns>
    public async Task<TimeSpan> ClickAsync(string mode) => TimeSpan.FromMilliseconds(await _page.EvaluateAsync<double>(Click, mode));

    /// <summary>Waits until a mode stands there as the one in force.</summary>
    public Task ShowsAsync(string mode) => _page.Locator(".modes button[aria-pressed=true]", new() { HasTextString = mode }).WaitForAsync();

    /// <summary>Closes it, as a person closes a tab.</summary>
    public async ValueTask DisposeAsync() => await _page.CloseAsync();

    private void Count(IWebSocketFrame frame)
    {
        var message = frame.Binary ?? [];
        Interlocked.Add(ref _bytes, message.Length);
        for (var rest = message.AsSpan(); rest.IndexOf(RenderBatch) is var at and >= 0; rest = rest[(at + RenderBatch.Length)..])
        {
            Interlocked.Increment(ref _draws);
        }
    }
}
