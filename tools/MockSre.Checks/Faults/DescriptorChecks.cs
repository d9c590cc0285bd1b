using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MockSre.Checks.Faults;

/// <summary>Silent connections do not use up the file descriptors that the service needs.</summary>
internal static class DescriptorChecks
{
    /// <summary>With so few descriptors the service refuses to start.</summary>
    private const int TooFew = 400;

    private const int Burst = 50;

    /// <summary>While hundreds of connections open, the service may close one new connection. The next try must be answered.</summary>
    private const int MostMisses = 1;

    private static readonly (int Descriptors, int Connections)[] Limits = [(1024, 1000), (4096, 4200)];
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Long enough for the service to accept all connections that it will accept.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(string service, CheckReport report)
    {
        await Task.WhenAll(Limits.Select(limit => SilentConnectionsAsync(service, limit.Descriptors, limit.Connections, report)));

        await using var server = ServerProcess.LaunchService(service, Setup(TooFew));
        var exitCode = await server.EndAsync(RefusedWithin);
        report.Add(
            $"ulimit -n {TooFew}",
            "exit code 1 and one line that explains it",
            $"exit code {exitCode}: {server.LastLines}",
            exitCode == 1 && server.LastLines.Split('\n').Length == 1);
    }

    private static async Task SilentConnectionsAsync(string service, int descriptors, int connections, CheckReport report)
    {
        await using var server = await ServerProcess.StartServiceAsync(service, Setup(descriptors));
        using var stop = new CancellationTokenSource();
        var kept = ProbeAsync(server.Address, keepsConnections: true, stop.Token);
        var fresh = ProbeAsync(server.Address, keepsConnections: false, stop.Token);
        var silent = new List<Socket>();
        try
        {
            for (var number = 0; number < connections; number++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            }

            await Task.Delay(Silence, TimeProvider.System);
        }
        finally
        {
            await stop.CancelAsync();
            silent.ForEach(socket => socket.Dispose());
        }

        var name = $"ulimit -n {descriptors}, {connections} silent connections";
        AddProbes($"{name}: /health on one connection", await kept);
        AddProbes($"{name}: /health on a new connection each", await fresh);

        using var client = new ServiceClient(server.Address);
        var answers = server.IsRunning ? await client.GetManyAsync(Burst, Burst) : [];
        report.Add(
            $"{name}: afterwards",
            $"the service runs and answers {Burst} requests at once",
            $"it {(server.IsRunning ? "runs" : "has ended")}; {answers.Count(answer => answer.Status == 200)} were answered",
            server.IsRunning && answers.Length == Burst && answers.All(answer => answer.Status == 200));

        void AddProbes(string check, List<(string Status, TimeSpan Took)> probes) => report.Add(
            check,
            $"200 within {AnswersWithin.TotalSeconds:F0} s, with at most {MostMisses} exception",
            string.Join(", ", probes.CountBy(probe => probe.Status).Select(status => $"{status.Value} x {status.Key}"))
                + $"; the slowest after {new Latencies(probes.Select(probe => probe.Took)).Most.TotalSeconds:F2} s",
            probes.Count > Silence / Interval / 2
                && probes.Count(probe => probe.Status != "200") <= MostMisses
                && probes.All(probe => probe.Took < AnswersWithin));
    }

    private static async Task<List<(string Status, TimeSpan Took)>> ProbeAsync(Uri server, bool keepsConnections, CancellationToken stop)
    {
        using var client = new FaultClient(server, keepsConnections: keepsConnections);
        var probes = new List<(string, TimeSpan)>();
        while (!stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            probes.Add((await client.TryGetAsync("/health"), Stopwatch.GetElapsedTime(start)));
            await Task.Delay(Interval, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return probes;
    }

    private static ServerSetup Setup(int descriptors) => new() { Launcher = ["sh", "-c", $"ulimit -n {descriptors}; exec \"$@\"", "sh"] };
}
