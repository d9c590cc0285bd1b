using System.Runtime.InteropServices;

namespace MockSre.Checks;

/// <summary>Compares the service with a bare host, in one run on one machine.</summary>
internal static class Benchmark
{
    private const string ProfilePath = "/api/users/profile/";
    private const int SlowRequests = 50;
    private const double CachedToReach = 0.85;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string service)
    {
        var busyBefore = LoadAverage();
        var (duels, signals) = await CompareAsync(service);
        var health = await MeasureHealthAsync(service);
        var trouble = await SentryTrouble.RunAsync(service);

        var (system, runtime) = (RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
        Console.WriteLine($"{ProcessorName()}, {Environment.ProcessorCount} cores; {system}; {runtime}");
        Console.WriteLine($"{RequestStream.Connections} connections; load average before {busyBefore}, after {LoadAverage()} "
            + "(on a busy machine only the processor time is reliable)");
        Console.WriteLine();
        Table.Print(Duel.Header, duels);
        Console.WriteLine(signals);
        Console.WriteLine();
        Table.Print(["/health", "latency"], health);
        Console.WriteLine();
        Table.Print(SentryTrouble.Header, trouble);
        Console.WriteLine();
        await ConsoleCost.RunAsync(service);
        return 0;
    }

    // Measures the service without signals, as the bare host has none, and with signals, to see their cost.
    private static async Task<(List<string[]> Rows, string Signals)> CompareAsync(string service)
    {
        await using var silent = await ServerProcess.StartServiceAsync(service, ("SIGNAL_INBOX", "false"));
        await using var telling = await ServerProcess.StartServiceAsync(service);
        await using var bare = await ServerProcess.StartBareAsync(service, silent.DatabaseFile);
        await RequireSameAnswersAsync(silent, bare);
        await RequireSameAnswersAsync(telling, bare);

        using var client = new ServiceClient(telling.Address);
        var rows = new List<string[]>();
        rows.AddRange(await CompareAsync("cached profile", silent, "none", BareHost.CachedPath, CachedToReach));
        rows.AddRange(await CompareAsync("cached profile, inbox on", telling, "none", BareHost.CachedPath));
        rows.AddRange(await CompareAsync("database read", silent, "cache_off", BareHost.ReadPath));
        rows.AddRange(await CompareAsync("database read, inbox on", telling, "cache_off", BareHost.ReadPath));
        var signals = await client.GetSignalsAsync();
        return (rows, $"inbox on: {signals.Transactions} transactions in the inbox; {signals.Lost} more did not fit into the SDK's queue");

        async Task<List<string[]>> CompareAsync(string name, ServerProcess mockSre, string mode, string barePath, double? toReach = null)
        {
            using var presenter = new ServiceClient(mockSre.Address);
            await presenter.SetModeAsync(mode);
            using var ours = new RequestStream(mockSre, ProfilePath);
            using var theirs = new RequestStream(bare, barePath);
            return [.. Duel.Run(name, ours, theirs, toReach)];
        }
    }

    private static async Task<List<string[]>> MeasureHealthAsync(string service)
    {
        Console.Error.WriteLine("measuring /health ...");
        await using var mockSre = await ServerProcess.StartServiceAsync(service);
        using var client = new ServiceClient(mockSre.Address);
        await client.SetModeAsync("slow_query");
        await Probe.RunAsync(mockSre.Address, Probe.Health, WarmUpTime);
        var idle = await Probe.RunAsync(mockSre.Address, Probe.Health, ProbeTime);
        await using var load = new SteadyLoad(SlowRequests, async (user, stop) => (await client.GetProfileAsync(user, stop)).IsSlow);
        var loaded = await Probe.RunAsync(mockSre.Address, Probe.Health, ProbeTime);
        return [["idle", Probe.Describe(idle)], [$"{SlowRequests} slow requests in flight", Probe.Describe(loaded)]];
    }

    private static async Task RequireSameAnswersAsync(ServerProcess service, ServerProcess bare)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var user = 1; user <= ServiceClient.Users; user++)
        {
            var expected = await http.GetStringAsync(new Uri(service.Address, $"{ProfilePath}{user}"));
            foreach (var path in new[] { BareHost.CachedPath, BareHost.ReadPath })
            {
                var answer = await http.GetStringAsync(new Uri(bare.Address, $"{path}{user}"));
                if (answer != expected)
                {
                    throw new InvalidOperationException($"The bare host answers {answer}, the service {expected}");
                }
            }
        }
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var lines = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo) : [];
        var model = lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return model?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
