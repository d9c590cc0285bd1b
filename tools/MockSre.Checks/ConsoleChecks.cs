using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>Checks the console in a real browser, with its own service.</summary>
internal static partial class ConsoleChecks
{
    private const string Required = "REQUIRE_CHROMIUM";
    private const int Clicks = 10;

    // Blazor logs when a circuit begins and when it is disposed.
    private const string CircuitLog = "Microsoft.AspNetCore.Components.Server.Circuits.CircuitHost";

    private static readonly TimeSpan EffectWithin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string service, CheckReport report)
    {
        if (Chromium.Find() is null)
        {
            if (Environment.GetEnvironmentVariable(Required) == "1")
            {
                report.Add("console", "Chromium on this machine", "none found; set CHROMIUM to its path", ok: false);
            }
            else
            {
                Console.WriteLine($"The console was not checked: no Chromium (set CHROMIUM to its path; {Required}=1 requires it).");
            }

            return;
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        await using var server = await ServerProcess.StartServiceAsync(service, ($"Logging__LogLevel__{CircuitLog}", "Debug"));
        using var client = new ServiceClient(server.Address);
        await ChangesAsync(server, client, browser, report);
        await ClicksAsync(server, client, browser, report);
        await StopAsync(server, browser, report);
    }

    private static async Task ChangesAsync(ServerProcess server, ServiceClient client, IBrowser browser, CheckReport report)
    {
        var circuits = new Circuits(server);
        await client.SetModeAsync("none");
        var connectionsBefore = server.OpenConnections;
        var context = await browser.NewContextAsync();
        var consoles = new[] { await OpenConsole.OpenAsync(context, server.Address), await OpenConsole.OpenAsync(context, server.Address) };

        Add("a change over HTTP, two consoles open", await TimeAsync(
            () => client.SetModeAsync("cache_off"), consoles.Select(console => console.ShowsAsync("cache_off"))));
        Add("a click in one of two consoles", await TimeAsync(() => consoles[0].ClickAsync("none"), [consoles[1].ShowsAsync("none")]));

        await consoles[0].DisposeAsync();
        await consoles[1].DisposeAsync();
        await context.CloseAsync();
        var left = await ServiceClient.UntilAsync(
            () => Task.FromResult((Circuits: circuits.Left, Connections: server.OpenConnections - connectionsBefore)),
            left => left is { Circuits: 0, Connections: <= 0 },
            GoneWithin);
        report.Add(
            "two consoles closed",
            "their circuits and connections end",
            $"{circuits.Begun} circuits begun, {left.Circuits} left; {Math.Max(left.Connections, 0)} connections left",
            circuits.Begun == consoles.Length && left is { Circuits: 0, Connections: <= 0 });

        void Add(string change, TimeSpan took) => report.Add(
            change,
            $"shown by both within {SeenWithin.TotalSeconds:F0} s",
            $"by both after {took.TotalMilliseconds:F0} ms",
            took < SeenWithin);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> change, IEnumerable<Task> shown)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll([change(), .. shown]);
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task ClicksAsync(ServerProcess server, ServiceClient client, IBrowser browser, CheckReport report)
    {
        await using var context = await browser.NewContextAsync();
        var console = await OpenConsole.OpenAsync(context, server.Address);
        var (effects, underWay) = await SlowClicks.RunAsync(console, client, Clicks);
        report.Add(
            $"{Clicks} clicks on modes, {SlowClicks.Clients} slow requests in flight",
            $"on the screen in under {EffectWithin.TotalMilliseconds:F0} ms (median)",
            $"median {effects.P50.TotalMilliseconds:F0} ms, maximum {effects.Most.TotalMilliseconds:F0} ms; {underWay} or more in flight",
            effects.P50 < EffectWithin && underWay >= SlowClicks.UnderWay);
    }

    private static async Task StopAsync(ServerProcess server, IBrowser browser, CheckReport report)
    {
        await using var context = await browser.NewContextAsync();
        for (var console = 0; console < 3; console++)
        {
            await OpenConsole.OpenAsync(context, server.Address);
        }

        var (took, exitCode) = await server.StopAsync();
        report.Add(
            "SIGTERM, three consoles open",
            $"exit code 0 within {StopWithin.TotalSeconds:F0} s",
            $"exit code {exitCode} after {took.TotalSeconds:F1} s",
            exitCode == 0 && took < StopWithin);
    }

    /// <summary>Counts circuits by the server's log.</summary>
    private sealed partial class Circuits
    {
        private int _begun;
        private int _ended;

        public Circuits(ServerProcess server) => server.Wrote = Read;

        public int Begun => Volatile.Read(ref _begun);

        public int Left => Begun - Volatile.Read(ref _ended);

        private void Read(string line)
        {
            if (Beginning().IsMatch(line))
            {
                Interlocked.Increment(ref _begun);
            }
            else if (Ending().IsMatch(line))
            {
                Interlocked.Increment(ref _ended);
            }
        }

        [GeneratedRegex(@"Opening circuit with id '")]
        private static partial Regex Beginning();

        [GeneratedRegex(@"Disposing circuit '\S+' succeeded")]
        private static partial Regex Ending();
    }
}
