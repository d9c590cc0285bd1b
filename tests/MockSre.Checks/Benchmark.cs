using System.Runtime.InteropServices;

namespace MockSre.Checks;

/// <summary>What the service costs beside the least that could give the same answers, in one run on one machine.</summary>
internal static class Benchmark
{
    private const string ProfilePath = "/api/users/profile/";
    private const int SlowRequests = 50;
    private const double CachedToReach = 0.85;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string service)
    {
        var busyBefore = LoadAverage();
        await using var mockSre = await ServerProcess.StartServiceAsync(service);
        await using var bare = await ServerProcess.StartBareAsync(service, mockSre.DatabaseFile);
        using var client = new ServiceClient(mockSre.Address);
        await RequireSameAnswersAsync(mockSre, bare);

        var rows = new List<string[]>();
        rows.AddRange(await CompareAsync("cached profile", "none", BareHost.CachedPath, CachedToReach));
        rows.AddRange(await CompareAsync("database read", "cache_off", BareHost.ReadPath, toReach: null));

        Console.Error.WriteLine("measuring /health ...");
        await client.SetModeAsync("slow_query");
        var idle = await HealthProbe.RunAsync(mockSre.Address, ProbeTime);
        await using var load = new SteadyLoad(SlowRequests, async (user, stop) => (await client.GetProfileAsync(user, stop)).IsSlow);
        var loaded = await HealthProbe.RunAsync(mockSre.Address, ProbeTime);

        Console.WriteLine($"{ProcessorName()}, {Environment.ProcessorCount} cores; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}");
        Console.WriteLine($"{RequestStream.Connections} connections; load average before {busyBefore}, after {LoadAverage()} (a busy machine shares itself out as it likes: then trust processor time)");
        Console.WriteLine();
        Table.Print(Duel.Header, rows);
        Console.WriteLine();
        Table.Print(
            ["/health", "latency"],
            [["idle", HealthProbe.Describe(idle)], [$"{SlowRequests} slow requests under way", HealthProbe.Describe(loaded)]]);
        return 0;

        async Task<List<string[]>> CompareAsync(string name, string mode, string barePath, double? toReach)
        {
            await client.SetModeAsync(mode);
            using var ours = new RequestStream(mockSre, ProfilePath);
            using var theirs = new RequestStream(bare, barePath);
            return [.. Duel.Run(name, ours, theirs, toReach)];
        }
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
                    throw new InvalidOperationException($"The answers to compare differ: {answer} and {expected}");
                }
            }
        }
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
