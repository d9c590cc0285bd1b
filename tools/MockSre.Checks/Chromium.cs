using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>The browser of this machine, driven by Playwright. None is ever downloaded.</summary>
internal static class Chromium
{
    /// <summary>Names a Chromium that stands elsewhere.</summary>
    public const string Variable = "CHROMIUM";

    /// <summary>What to do where there is none.</summary>
    public const string HowToGet = "No Chromium on this machine: apt-get install chromium, or name one with CHROMIUM=/path/to/chromium.";

    private const string Usual = "/usr/bin/chromium";

    private static readonly string[] Names = ["chromium", "google-chrome", "chromium-browser"];

    // Nothing but what the pages ask for goes over the network.
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

    /// <summary>The program; null where there is none. Whoever names one means that one and no other.</summary>
    public static string? Find() => Find(Environment.GetEnvironmentVariable(Variable), Environment.GetEnvironmentVariable("PATH"), File.Exists);

    /// <summary>The program, on a machine with such variables and files.</summary>
    public static string? Find(string? named, string? path, Func<string, bool> exists)
    {
        IEnumerable<string> candidates = named is { Length: > 0 }
            ? [named]
            : [Usual, .. from name in Names from directory in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) select Path.Combine(directory, name)];
        return candidates.FirstOrDefault(exists);
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Find() ?? throw new InvalidOperationException(HowToGet),
        Args = Arguments,
    });
}
