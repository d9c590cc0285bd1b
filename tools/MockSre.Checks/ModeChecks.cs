using System.Diagnostics;
using MockSre.Domain.Faults;
using MockSre.Domain.Settings;

namespace MockSre.Checks;

/// <summary>Checks each mode over HTTP, on the real service with real durations.</summary>
internal sealed class ModeChecks(ServiceClient client)
{
    private const int Many = 50;
    private const int WarmUp = 2000;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SignalLimit = TimeSpan.FromSeconds(3);

    private const string None = "none";
    private const string CacheOff = "cache_off";
    private const string SlowQuery = "slow_query";
    private const string PoolSaturation = "pool_saturation";
    private const string Combined = "combined";

    public static async Task<int> RunAsync(string service)
    {
        var start = Stopwatch.GetTimestamp();
        var report = new CheckReport();

        await using var server = await ServerProcess.StartServiceAsync(service);
        await using var another = await ServerProcess.StartServiceAsync(service);
        using var client = new ServiceClient(server.Address);
        using var anotherClient = new ServiceClient(another.Address);
        var checks = new ModeChecks(client);
        await Task.WhenAll(
            InTurnAsync(),
            report.RunAsync(Combined, new ModeChecks(anotherClient).CombinedAsync));
        await another.StopAsync();

        // These measure milliseconds or keep a processor busy, so each runs alone.
        await checks.WarmUpAsync();
        foreach (var info in Modes.All)
        {
            await report.RunAsync($"/health in {info.Name}", part => checks.HealthAsync(info.Name, part));
        }

        await report.RunAsync("/health through quick mode changes", checks.QuickChangesAsync);
        await report.RunAsync("combined to none under load", checks.RecoveryAsync);
        await report.RunAsync("the console in a browser", part => ConsoleChecks.RunAsync(service, part));
        await report.RunAsync("stopping", part => checks.StopAsync(server, part));

        var code = report.Print();
        Console.WriteLine($"in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return code;

        // Combined waits as long as these together.
        async Task InTurnAsync()
        {
            await report.RunAsync(None, checks.NoneAsync);
            await report.RunAsync(CacheOff, checks.CacheOffAsync);
            await report.RunAsync(SlowQuery, checks.SlowQueryAsync);
            await report.RunAsync(PoolSaturation, checks.PoolSaturationAsync);
            await report.RunAsync("a burst of errors", part => SignalChecks.BurstAsync(service, part));
            await report.RunAsync("signals with Sentry in trouble", part => SignalChecks.TroubleAsync(service, part));
        }
    }

    // The first requests of a service compile code, which would delay the probes.
    private async Task WarmUpAsync()
    {
        await client.SetModeAsync(None);
        await client.GetManyAsync(WarmUp, Many);
    }

    private async Task NoneAsync(CheckReport report)
    {
        await client.SetModeAsync(None);
        var first = await client.GetManyAsync(ServiceClient.Users, concurrency: 1);
        var second = await client.GetManyAsync(ServiceClient.Users, concurrency: 1);
        report.Add("none: first request of each user", "200, miss", Describe(first), first.All(answer => Is200(answer, "miss")));
        report.Add("none: second request of each user", "200, hit", Describe(second), second.All(answer => Is200(answer, "hit")));

        Answer[] refused = [await client.GetProfileAsync(999), await client.GetAsync("/api/users/profile/x")];
        var many = await client.GetManyAsync(Many, concurrency: 10);
        AddMode(report, None, [.. first, .. second, .. refused, .. many]);
        await AddSignalsAsync(report, None, first.Length + second.Length + Many);
    }

    private async Task CacheOffAsync(CheckReport report)
    {
        await client.SetModeAsync(CacheOff);
        var before = await client.GetFiguresAsync();
        var answers = await client.GetManyAsync(Many, concurrency: 10);
        var after = await client.GetFiguresAsync();
        var reads = after.DatabaseReads - before.DatabaseReads;
        report.Add($"cache_off: {Many} requests", "200, bypass", Describe(answers), answers.All(answer => Is200(answer, "bypass")));
        report.Add("cache_off: database reads", $"{Many}", $"{reads}", reads == Many);
        AddMode(report, CacheOff, answers);
        await AddSignalsAsync(report, CacheOff, Many);
    }

    private async Task SlowQueryAsync(CheckReport report)
    {
        await client.SetModeAsync(SlowQuery);
        var alone = await client.GetManyAsync(1, concurrency: 1);
        var full = await client.GetManyAsync(ServiceSettings.DefaultPoolLimit, ServiceSettings.DefaultPoolLimit);
        var many = await client.GetManyAsync(Many, Many);
        foreach (var answers in new[] { alone, full })
        {
            report.Add(
                $"slow_query: {answers.Length} at once",
                "200 in 1.9 to 2.6 s",
                Describe(answers),
                answers.All(answer => answer is { Status: 200, IsSlow: true } && answer.Latency <= TimeSpan.FromSeconds(2.6)));
        }

        report.Add($"slow_query: {Many} at once", "200", Describe(many), many.All(answer => answer.Status == 200));
        AddMode(report, SlowQuery, [.. alone, .. full, .. many]);
        await AddSignalsAsync(report, SlowQuery, alone.Length + full.Length + Many);
    }

    private async Task PoolSaturationAsync(CheckReport report)
    {
        await client.SetModeAsync(PoolSaturation);
        var inTurn = await client.GetManyAsync(3, concurrency: 1);
        var atOnce = await client.GetManyAsync(Many, Many);
        Add("one at a time", inTurn);
        Add("at once", atOnce);
        AddMode(report, PoolSaturation, [.. inTurn, .. atOnce]);
        await AddSignalsAsync(report, PoolSaturation, inTurn.Length + Many);

        void Add(string how, Answer[] answers) => report.Add(
            $"pool_saturation: {answers.Length} {how}",
            "500 in 0.95 to 1.5 s",
            Describe(answers),
            answers.All(answer => answer.Status == 500 && answer.Latency.TotalSeconds is >= 0.95 and <= 1.5));
    }

    private async Task CombinedAsync(CheckReport report)
    {
        await client.SetModeAsync(Combined);
        var inTurn = await client.GetManyAsync(12, concurrency: 1);
        Add("one at a time", inTurn, leastErrors: 3, leastSlow: 3);

        var all = inTurn.ToList();
        foreach (var again in new[] { "", ", again" })
        {
            await client.SetModeAsync(Combined);
            var answers = await client.GetManyAsync(Many, concurrency: 10);
            Add($"ten at a time{again}", answers, leastErrors: Many / 2, leastSlow: 4);
            all.AddRange(answers);
        }

        AddMode(report, Combined, all);
        await AddSignalsAsync(report, Combined, Many);

        void Add(string how, Answer[] answers, int leastErrors, int leastSlow)
        {
            var errors = answers.Count(answer => answer.Status == 500);
            var slow = answers.Count(answer => answer is { Status: 200, IsSlow: true });
            report.Add(
                $"combined: {answers.Length} {how}",
                $"500: {leastErrors} or more, 200 in 1.9 s or more: {leastSlow} or more",
                Describe(answers),
                errors >= leastErrors && slow >= leastSlow && answers.All(answer => answer.Status is 500 or 200));
        }
    }

    private async Task HealthAsync(string mode, CheckReport report)
    {
        await client.SetModeAsync(mode);
        await using var load = new SteadyLoad(Many, async (user, stop) => (await client.GetProfileAsync(user, stop)).Mode == mode);
        AddHealth(report, $"/health in {mode}, {Many} in flight", await Probe.RunAsync(client.Server, Probe.Health, ProbeTime));
        AddMode(report, mode, load.Answers);
    }

    private async Task QuickChangesAsync(CheckReport report)
    {
        string[] modes = [None, CacheOff, Combined, SlowQuery, None, PoolSaturation, Combined, CacheOff, SlowQuery, PoolSaturation, None];
        var asked = 0;
        var made = 0;
        await client.SetModeAsync(modes[0]);
        await using var load = new SteadyLoad(Many, MeetsModeInForceAsync);
        var probes = Probe.RunAsync(client.Server, Probe.Health, ProbeTime);
        for (var change = 1; change < modes.Length; change++)
        {
            await Task.Delay(ProbeTime / modes.Length, TimeProvider.System);
            Volatile.Write(ref asked, change);
            await client.SetModeAsync(modes[change]);
            Volatile.Write(ref made, change);
        }

        AddHealth(report, $"/health through {modes.Length - 1} quick changes, {Many} in flight", await probes);
        AddMode(report, "quick changes", load.Answers, "a mode in force during the request");

        // A request has the mode that is in force when the service starts it, some time between sending and answer.
        async Task<bool> MeetsModeInForceAsync(int user, CancellationToken stop)
        {
            var first = Volatile.Read(ref made);
            var answer = await client.GetProfileAsync(user, stop);
            return modes.Take(first..(Volatile.Read(ref asked) + 1)).Contains(answer.Mode);
        }
    }

    private async Task RecoveryAsync(CheckReport report)
    {
        await client.SetModeAsync(Combined);
        var before = client.GetManyAsync(Many, Many);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        await client.SetModeAsync(None);
        var next = await client.GetProfileAsync(1);
        var underWay = !before.IsCompleted;
        report.Add(
            $"combined to none, {Many} in flight: the next request",
            "200 in under 100 ms",
            $"{next.Status} in {next.Latency.TotalMilliseconds:F0} ms",
            underWay && next.Status == 200 && next.Latency < TimeSpan.FromMilliseconds(100));
        AddMode(report, None, [next]);

        var ended = await before;
        report.Add("combined to none: in flight", "end in combined", Describe(ended), ended.All(answer => answer.Mode == Combined));
        var start = Stopwatch.GetTimestamp();
        var figures = await client.GetFiguresAsync();
        while (!figures.NothingHeld && Stopwatch.GetElapsedTime(start) < DrainLimit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            figures = await client.GetFiguresAsync();
        }

        var took = Stopwatch.GetElapsedTime(start);
        report.Add(
            "combined to none: leases after the last answer",
            "none held, no pool draining",
            $"{figures.PoolInUse} held, {figures.DrainingPools} draining with {figures.DrainingLeases}, after {took.TotalSeconds:F2} s",
            figures.NothingHeld);
    }

    private async Task StopAsync(ServerProcess server, CheckReport report)
    {
        await client.SetModeAsync(SlowQuery);
        var underWay = client.GetManyAsync(Many, Many);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var (took, exitCode) = await server.StopAsync();
        report.Add(
            $"SIGTERM, {Many} slow requests in flight",
            "exit code 0 within 5 s",
            $"exit code {exitCode} after {took.TotalSeconds:F1} s",
            exitCode == 0 && took < TimeSpan.FromSeconds(5));

        // Interrupted requests have no answer. Their exceptions do not matter.
        await ((Task)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Checks the signals of all requests since the mode was set. Signals arrive a moment after the answers.
    private async Task AddSignalsAsync(CheckReport report, string mode, int requests)
    {
        var witness = await ServiceClient.UntilAsync(client.GetWitnessAsync, IsEnough, SignalLimit);
        report.Add($"{mode}: expected signals", $"all seen, in {requests} requests", $"{witness}", IsEnough(witness));

        bool IsEnough(Witness witness) => witness.IsWhole && witness.Requests == requests && witness.Mode == mode;
    }

    // Probes are due at fixed times, so a freeze of 0.2 s delays more than one in twenty. The p99 would show only a slow machine.
    private static void AddHealth(CheckReport report, string check, Latencies probes) =>
        report.Add(check, "p95 under 50 ms", Probe.Describe(probes), probes.Count >= 200 && probes.P95 < TimeSpan.FromMilliseconds(50));

    private static void AddMode(CheckReport report, string mode, IReadOnlyCollection<Answer> answers) =>
        AddMode(report, mode, (answers.Count, answers.Count(answer => answer.Mode == mode)));

    private static void AddMode(CheckReport report, string part, (int All, int Right) answers, string? expected = null) =>
        report.Add(
            $"{part}: X-Failure-Mode",
            expected ?? part,
            $"on {answers.Right} of {answers.All} answers",
            answers is { All: > 0 } && answers.Right == answers.All);

    private static bool Is200(Answer answer, string cache) => answer.Status == 200 && answer.Cache == cache;

    // Example: "8 x 200 bypass in 2.00 to 2.01 s, 4 x 500 bypass in 1.00 to 1.00 s".
    private static string Describe(IEnumerable<Answer> answers) => string.Join(", ", answers
        .GroupBy(answer => (answer.Status, answer.Cache))
        .OrderBy(kind => kind.Key)
        .Select(kind => $"{kind.Count()} x {kind.Key.Status} {kind.Key.Cache} in {new Latencies(kind.Select(answer => answer.Latency))}"));
}
