using ImageMagick;
using Microsoft.Playwright;

namespace MockSre.Web.Tests.Browser;

/// <summary>Frames of a page, assembled into a GIF that plays forever.</summary>
internal sealed class GifRecording : IDisposable
{
    /// <summary>Enough for the console's flat colours and antialiased text.</summary>
    private const uint Colors = 96;

    private const uint HundredthsPerFrame = 18;

    /// <summary>The last frame is shown longer, before the GIF repeats.</summary>
    private const uint HundredthsOfTheLast = 250;

    private readonly MagickImageCollection _frames = [];

    /// <summary>Adds a frame each time the chart advances by a second.</summary>
    public async Task RecordAsync(IPage page, int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            var before = await page.Plot().InnerHTMLAsync();
            await page.WaitForFunctionAsync("before => document.querySelector('.plot').innerHTML !== before", before);
            _frames.Add(new MagickImage(await page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled }))
            {
                AnimationDelay = HundredthsPerFrame,
                AnimationIterations = 0,
            });
        }
    }

    /// <summary>Writes the GIF. All frames share one palette, so that nothing flickers and a frame stores only its changes.</summary>
    public async Task WriteAsync(string path)
    {
        _frames[^1].AnimationDelay = HundredthsOfTheLast;
        _frames.Quantize(new QuantizeSettings { Colors = Colors, DitherMethod = DitherMethod.No });
        _frames.OptimizePlus();
        _frames.OptimizeTransparency();
        await _frames.WriteAsync(path, MagickFormat.Gif);
    }

    public void Dispose() => _frames.Dispose();
}
