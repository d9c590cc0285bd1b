using System.Globalization;
using Microsoft.Playwright;

namespace MockSre.Checks;

/// <summary>Measures the cost of open consoles for the service, and how fast they react, in a real browser with some traffic.</summary>
internal sealed class ConsoleCost(IBrowser browser, ServerProcess server, ServerProcess bare, ServiceClient client)
{
    private const int Traffic = 5;
    private const int Many = 50;
    private const int Rounds = 3;
    private const int LongStretches = 6;
    private const int Clicks = 10;
    private const string ProfilePath = "/api/users/profile/1";
    private const string BarePath = $"{BareHost.CachedPath}1";

    /// <summary>Fills the inbox, so that it does not grow while memory is compared.</summary>
    private const int FillingRequests = 2500;

    private const int FillingConcurrency = 10;
    private const double Megabyte = 1e6;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(2);

    private readonly List<(Sample None, Sample One, Sample Many)> _rounds = [];

    public static async Task RunAsync(string service)
    {
        if (Chromium.Find() is null)
        {
            Console.WriteLine("Consoles were not measured: no Chromium found (set CHROMIUM to its path).");
            return;
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        await using var server = await ServerProcess.StartServiceAsync(service);
        await using var bare = await ServerProcess.StartBareAsync(service, server.DatabaseFile);
        using var client = new ServiceClient(server.Address);
        var cost = new ConsoleCost(browser, server, bare, client);
        await cost.WarmUpAsync();
        await cost.CompareAsync();
        await cost.StayOpenAsync();
        await cost.ClickAsync();
    }

    private async Task WarmUpAsync()
    {
        Console.Error.WriteLine($"warming up with {Many} consoles ...");
        await client.GetManyAsync(FillingRequests, FillingConcurrency);
        await client.KeepTrafficAsync(Traffic);
        await Probe.RunAsync(bare.Address, BarePath, ProbeTime);
        await WithConsolesAsync(Many, consoles => ConsoleStretch.MeasureAsync(server, consoles));

        // For some seconds the runtime still compiles hot methods.
        await SampleAsync(0);
    }

    private async Task CompareAsync()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            Console.Error.WriteLine($"measuring consoles, round {round} of {Rounds} ...");
            _rounds.Add((await SampleAsync(0), await SampleAsync(1), await SampleAsync(Many)));
        }

        Console.Error.WriteLine("measuring after the consoles ...");
        var after = await SampleAsync(0);
        string[] header =
        [
            "consoles open", "processor time, ms/s", "private memory, MB", "working set, MB", "to each, bytes/s", "draws/s",
            "cached profile p50, ms", "bare host's",
        ];
        Table.Print(header,
        [
            .. _rounds.SelectMany(round => new[] { Row("none", round.None), Row("1", round.One), Row($"{Many}", round.Many) }),
            Row("none, after all", after),
        ]);
        Console.WriteLine();
        Table.Print(["median of rounds", "", "lowest", "highest"],
        [
            Difference("one console's processor time, ms/s", round => round.One.Stretch.ProcessorMs - round.None.Stretch.ProcessorMs),
            Difference(
                $"each of {Many}'s processor time, ms/s",
                round => (round.Many.Stretch.ProcessorMs - round.None.Stretch.ProcessorMs) / Many),
            Difference(
                $"each of {Many}'s private memory, MB",
                round => (round.Many.PrivateMemory - round.None.PrivateMemory) / Megabyte / Many),
            Difference($"cached profile p50, {Many} open to none", round => round.Many.ProfileMs / round.None.ProfileMs),
            Difference($"bare host's p50, {Many} open to none", round => round.Many.BareMs / round.None.BareMs),
        ]);
        Console.WriteLine();
    }

    private async Task StayOpenAsync()
    {
        Console.Error.WriteLine("measuring one console that stays open ...");
        var stretches = new List<ConsoleStretch>();
        await WithConsolesAsync(1, async consoles =>
        {
            for (var number = 0; number < LongStretches; number++)
            {
                stretches.Add(await ConsoleStretch.MeasureAsync(server, consoles));
            }

            return stretches;
        });
        Table.Print(["one console for a minute", .. Enumerable.Range(1, LongStretches).Select(number => $"{number}")],
        [
            ["bytes a second", .. stretches.Select(stretch => Numbers.Text(stretch.BytesToEach))],
            ["draws a second", .. stretches.Select(stretch => Numbers.Text(stretch.DrawsOfEach))],
        ]);
        Console.WriteLine();
    }

    private async Task ClickAsync()
    {
        Console.Error.WriteLine("measuring clicks ...");
        var (effects, underWay) = await WithConsolesAsync(1, consoles => SlowClicks.RunAsync(consoles[0], client, Clicks));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"from click to screen, {underWay} or more slow requests in flight: median {effects.P50.TotalMilliseconds:F0} ms, "
            + $"most {effects.Most.TotalMilliseconds:F0} ms, of {effects.Count} clicks"));
    }

    private Task<Sample> SampleAsync(int count) => WithConsolesAsync(count, async consoles =>
    {
        var stretch = await ConsoleStretch.MeasureAsync(server, consoles);

        // The browser shares the machine with the service. The bare host shows how much the browser alone slows an answer.
        var profile = await Probe.RunAsync(server.Address, ProfilePath, ProbeTime);
        var bareProfile = await Probe.RunAsync(bare.Address, BarePath, ProbeTime);
        await server.CollectGarbageAsync();
        var (profileMs, bareMs) = (profile.P50.TotalMilliseconds, bareProfile.P50.TotalMilliseconds);
        return new Sample(stretch, server.PrivateMemory, server.WorkingSet, profileMs, bareMs);
    });

    private async Task<T> WithConsolesAsync<T>(int count, Func<IReadOnlyList<OpenConsole>, Task<T>> measure)
    {
        await using var context = await browser.NewContextAsync();
        var consoles = new List<OpenConsole>();
        for (var number = 0; number < count; number++)
        {
            consoles.Add(await OpenConsole.OpenAsync(context, server.Address));
        }

        var measured = await measure(consoles);
        foreach (var console in consoles)
        {
            await console.DisposeAsync();
        }

        return measured;
    }

    private static string[] Row(string name, Sample sample) =>
    [
        name,
        Numbers.Text(sample.Stretch.ProcessorMs),
        Numbers.Text(sample.PrivateMemory / Megabyte),
        Numbers.Text(sample.WorkingSet / Megabyte),
        sample.Stretch.Consoles == 0 ? "" : Numbers.Text(sample.Stretch.BytesToEach),
        sample.Stretch.Consoles == 0 ? "" : Numbers.Text(sample.Stretch.DrawsOfEach),
        Numbers.Text(sample.ProfileMs),
        Numbers.Text(sample.BareMs),
    ];

    private string[] Difference(string name, Func<(Sample None, Sample One, Sample Many), double> figure)
    {
        var figures = _rounds.ConvertAll(round => figure(round));
        return [name, Numbers.Text(Numbers.Median(figures)), Numbers.Text(figures.Min()), Numbers.Text(figures.Max())];
    }

    /// <summary>One measurement: processor time, then latency, then memory after garbage collection.</summary>
    private sealed record Sample(ConsoleStretch Stretch, long PrivateMemory, long WorkingSet, double ProfileMs, double BareMs);
}
