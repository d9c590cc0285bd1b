using System.Text;
using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>A console in a real browser, and the messages of its host.</summary>
internal sealed class OpenConsole : IAsyncDisposable
{
    /// <summary>The name of messages that change the page.</summary>
    private static readonly byte[] RenderBatch = Encoding.ASCII.GetBytes("JS.RenderBatch");

    /// <summary>
    /// Measures with the page's clock, from the click to the frame after the change. The time to trigger the click does not count.
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

    /// <summary>Bytes received from the host, uncompressed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Messages that changed the page.</summary>
    public long Draws => Interlocked.Read(ref _draws);

    /// <summary>Opens a console and waits until it shows figures.</summary>
    public static async Task<OpenConsole> OpenAsync(IBrowserContext browser, Uri server)
    {
        var page = await browser.NewPageAsync();
        var console = new OpenConsole(page);
        await page.GotoAsync(server.AbsoluteUri);
        await page.Locator(".tile .value").First.WaitForAsync();
        return console;
    }

    /// <summary>Clicks on a mode. Returns the time until the screen shows that the mode is in force.</summary>
    public async Task<TimeSpan> ClickAsync(string mode) => TimeSpan.FromMilliseconds(await _page.EvaluateAsync<double>(Click, mode));

    /// <summary>Waits until the screen shows that a mode is in force.</summary>
    public Task ShowsAsync(string mode) => _page.Locator(".modes button[aria-pressed=true]", new() { HasTextString = mode }).WaitForAsync();

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
