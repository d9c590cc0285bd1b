using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>The browser of this machine; none is ever downloaded.</summary>
internal static class Chromium
{
    private const string Variable = "CHROMIUM";
    private const string Installed = "/usr/bin/chromium";
    private static readonly string[] Names = ["chromium", "google-chrome", "chromium-browser"];

    private static readonly string[] Flags =
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

    /// <summary>Where it is: what <c>CHROMIUM</c> names, else the usual place, else on the <c>PATH</c>; null where there is none.</summary>
    public static string? Find()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        string?[] places =
        [
            Environment.GetEnvironmentVariable(Variable),
            Installed,
            .. Names.SelectMany(name => path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, name))),
        ];
        return places.FirstOrDefault(File.Exists);
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Find() ?? throw new InvalidOperationException($"No Chromium here; {Variable} can say where one is."),
        Args = Flags,
    });
}
