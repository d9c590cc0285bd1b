using System.Globalization;

namespace MockSre.Checks;

/// <summary>Compares the latency of profile requests while Sentry has problems and while it answers at once.</summary>
/// <remarks>Each case has its own service. Short rounds alternate, so that the load of the machine affects all alike.</remarks>
internal static class SentryTrouble
{
    private const string ProfilePath = "/api/users/profile/1";
    private const double Allowed = 1.10;
    private const int Rounds = 40;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(2);

    /// <summary>With a cache, where microseconds matter, and without.</summary>
    private static readonly string[] Modes = ["none", "cache_off"];

    private static readonly (string Name, bool Compared, Func<Task<SentryStub>> StartAsync)[] Behaviours =
    [
        ("answers at once", false, () => SentryStub.AnsweringAsync(200)),

        // The same as the first case, to show how large differences by chance are.
        ("answers at once, another process", false, () => SentryStub.AnsweringAsync(200)),
        ("refuses connections", true, () => Task.FromResult(SentryStub.Refusing())),
        ("accepts, never answers", true, () => Task.FromResult(SentryStub.Silent())),
        ("answers after 2 s", true, () => SentryStub.AnsweringAsync(SlowAsync)),
        ("answers 429, for a second each", true, () => SentryStub.AnsweringAsync(TooMany)),
        ("answers 500", true, () => SentryStub.AnsweringAsync(500)),
    ];

    /// <summary>The columns of <see cref="RunAsync"/>.</summary>
    public static string[] Header { get; } =
        ["Sentry", "mode", "median, us", "ratio", "lowest", "highest", "at most", "sent", "refused", "dropped", "queued", "lost before"];

    /// <returns>The rows of the table. The signals are the service's own counts over all rounds of a mode.</returns>
    public static async Task<List<string[]>> RunAsync(string service)
    {
        var sides = new List<Side>();
        try
        {
            foreach (var (name, compared, startAsync) in Behaviours)
            {
                sides.Add(await Side.StartAsync(service, name, compared, await startAsync()));
            }

            var rows = new List<string[]>();
            foreach (var mode in Modes)
            {
                Console.Error.WriteLine($"measuring {mode} while Sentry has problems ...");
                rows.AddRange(await MeasureAsync(mode, sides));
            }

            return rows;
        }
        finally
        {
            await Task.WhenAll(sides.Select(side => side.DisposeAsync().AsTask()));
        }
    }

    private static async Task<List<string[]>> MeasureAsync(string mode, List<Side> sides)
    {
        // The warm-up also fills the queues of services whose Sentry accepts nothing.
        foreach (var side in sides)
        {
            await side.Client.SetModeAsync(mode);
            side.WarmUp(WarmUpTime);
        }

        await Task.Delay(CalmTime, TimeProvider.System);
        var before = await SignalsAsync();
        var medians = sides.ConvertAll(_ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // The order changes with each round, so no case is always first.
            foreach (var number in round % 2 == 0 ? Enumerable.Range(0, sides.Count) : Enumerable.Range(0, sides.Count).Reverse())
            {
                var latencies = await Probe.RunAsync(sides[number].Client.Server, ProfilePath, RoundTime);
                medians[number].Add(latencies.P50.TotalMicroseconds);
            }
        }

        var after = await SignalsAsync();
        return [.. sides.Select((side, number) => Row(side, mode, medians[number], medians[0], before[number], after[number]))];

        async Task<SignalFigures[]> SignalsAsync() => await Task.WhenAll(sides.Select(side => side.Client.GetSignalsAsync()));
    }

    private static string[] Row(
        Side side, string mode, List<double> medians, List<double> wellMedians, SignalFigures before, SignalFigures after)
    {
        var ratios = medians.Zip(wellMedians, (median, well) => median / well).ToList();
        var ratio = Numbers.Median(ratios);
        return
        [
            side.Name,
            mode,
            Numbers.Text(Numbers.Median(medians)),
            Numbers.Text(ratio),
            Numbers.Text(ratios.Min()),
            Numbers.Text(ratios.Max()),
            side.Compared ? $"{Numbers.Text(Allowed)}: {(ratio <= Allowed ? "reached" : "MISSED")}" : "",
            Count(after.Sent - before.Sent),
            Count(after.Refused - before.Refused),
            Count(after.Dropped - before.Dropped),
            Count(after.Queued),
            Count(after.Lost),
        ];
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static Task SlowAsync(HttpContext context) => Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, context.RequestAborted);

    // Real limits last a minute. A second makes them happen many times.
    private static Task TooMany(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }

    /// <summary>A service and its Sentry.</summary>
    private sealed class Side(string name, bool compared, SentryStub sentry, ServerProcess server) : IAsyncDisposable
    {
        public string Name => name;

        /// <summary>Whether its ratio has a limit.</summary>
        public bool Compared => compared;

        public ServiceClient Client { get; } = new(server.Address);

        public static async Task<Side> StartAsync(string service, string name, bool compared, SentryStub sentry)
        {
            try
            {
                return new Side(name, compared, sentry, await ServerProcess.StartServiceAsync(service, ("SENTRY_DSN", sentry.Dsn)));
            }
            catch
            {
                await sentry.DisposeAsync();
                throw;
            }
        }

        public void WarmUp(TimeSpan duration)
        {
            using var stream = new RequestStream(server, "/api/users/profile/");
            stream.Run(duration);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await server.DisposeAsync();
            await sentry.DisposeAsync();
        }
    }
}
