using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>Finds the machine's Chromium and starts it with Playwright. Nothing is downloaded.</summary>
internal static class Chromium
{
    /// <summary>The environment variable with the path of a Chromium.</summary>
    public const string Variable = "CHROMIUM";

    public const string HowToGet =
        "No Chromium on this machine: apt-get install chromium-headless-shell, or name one with CHROMIUM=/path/to/chromium.";

    // Debian's headless shell is the same engine without the browser around it. It needs a third of the processor time.
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "google-chrome", "chromium-browser"];

    // These turn off the browser's own requests.
    private static readonly string[] Arguments =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    /// <summary>The path of the browser; null if there is none.</summary>
    public static string? Find() =>
        Find(Environment.GetEnvironmentVariable(Variable), Environment.GetEnvironmentVariable("PATH"), File.Exists);

    /// <param name="named">If given, the only candidate.</param>
    public static string? Find(string? named, string? path, Func<string, bool> exists)
    {
        if (named is { Length: > 0 })
        {
            return exists(named) ? named : null;
        }

        var directories = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => directories.Select(directory => Path.Combine(directory, name))).FirstOrDefault(exists);
    }

    /// <exception cref="InvalidOperationException">There is no Chromium.</exception>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Find() ?? throw new InvalidOperationException(HowToGet),
        Args = Arguments,
    });
}
