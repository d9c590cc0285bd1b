using System.Collections.Concurrent;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MockSre.Checks.Faults;

/// <summary>Many raw websockets from one address do not use up the service's memory or the consoles of other addresses.</summary>
internal static class CircuitCheck
{
    private const string Token = "check-faults";
    private const int Sockets = 2000;
    private const int AtOnce = 64;

    /// <summary>The most memory that all websockets together may add. 100 consoles without a page fit into it.</summary>
    private const long MostGrowthBytes = 150L * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    public static async Task RunAsync(string service, CheckReport report)
    {
        var other = NetworkAddress();
        await using var server = await ServerProcess.StartServiceAsync(service, new ServerSetup
        {
            Arguments = ["--urls", other is null ? "http://127.0.0.1:0" : $"http://127.0.0.1:0;http://{other}:0"],
            Settings = [("ADMIN_TOKEN", Token), ("ALLOWED_HOSTS", other ?? "")],
        });
        using var stop = new CancellationTokenSource(Limit);
        using (var before = await RawCircuit.TryOpenAsync(server.Address, stop.Token))
        {
            var opens = before is not null && await before.IsOpenAsync(stop.Token);
            report.Add("one raw websocket", "opens a circuit", opens ? "a circuit" : "none", opens);
        }

        var memory = server.PrivateMemory;
        var circuits = new ConcurrentBag<RawCircuit>();
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(Enumerable.Range(0, Sockets), options, async (_, cancellationToken) =>
            {
                if (await RawCircuit.TryOpenAsync(server.Address, cancellationToken) is { } circuit)
                {
                    circuits.Add(circuit);
                }
            });
            var open = await Task.WhenAll(circuits.Select(circuit => circuit.IsOpenAsync(stop.Token)));
            var growth = server.PrivateMemory - memory;
            report.Add(
                $"{Sockets} raw websockets from this machine, each with StartCircuit",
                $"memory grows by at most {Megabytes(MostGrowthBytes)}",
                $"grows by {Megabytes(growth)}; {circuits.Count} websockets accepted, {open.Count(isOpen => isOpen)} circuits",
                growth <= MostGrowthBytes);

            await ReachableAsync("the address of the websockets", server.Address, ["/sign-in", "/health"]);
            if (other is null)
            {
                Console.WriteLine("Consoles from another address were not checked: this machine has only loopback addresses.");
                return;
            }

            await ReachableAsync("another address", server.Addresses[1], ["/sign-in", "/health", "/"]);
            using var console = await RawCircuit.TryOpenAsync(server.Addresses[1], stop.Token);
            var opens = console is not null && await console.IsOpenAsync(stop.Token);
            report.Add("a console from another address at the same time", "opens a circuit", opens ? "a circuit" : "none", opens);
        }
        finally
        {
            foreach (var circuit in circuits)
            {
                circuit.Dispose();
            }
        }

        async Task ReachableAsync(string who, Uri address, string[] paths)
        {
            using var client = new FaultClient(address);
            foreach (var path in paths)
            {
                var status = await client.TryGetAsync(path);
                report.Add($"{path} from {who}", "200", status, status == "200");
            }
        }

        static string Megabytes(long bytes) => $"{bytes / 1024 / 1024} MB";
    }

    // All of loopback counts as one client, so a second client needs an address in a network.
    private static string? NetworkAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .Where(network => network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .FirstOrDefault(address => address.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString();
}
