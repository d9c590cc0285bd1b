using System.Net;
using System.Net.Sockets;

namespace MockSre.Checks.Faults;

/// <summary>The service keeps working when its output is not read, such as by a stopped pager.</summary>
internal static class UnreadOutputCheck
{
    /// <summary>Each change is a log line. Together they exceed a pipe (64 KB) and the logger's queue (2,500 lines).</summary>
    private const int Changes = 5000;

    private static readonly TimeSpan ServesWithin = TimeSpan.FromSeconds(20);

    /// <summary>The service writes into a pipe to a program that never reads.</summary>
    private static readonly string[] Launcher = ["bash", "-c", "exec \"$@\" > >(exec sleep 120 > /dev/null 2>&1)", "bash"];

    public static async Task RunAsync(string service, CheckReport report)
    {
        var address = FreeAddress();
        await using var server = ServerProcess.LaunchService(
            service, new ServerSetup { Launcher = Launcher, Arguments = ["--urls", $"{address}"] });
        using var client = new FaultClient(address);
        await ServiceClient.UntilAsync(() => client.TryGetAsync("/health"), health => health == "200", ServesWithin);

        var made = 0;
        var answer = "200";
        while (answer == "200" && made < Changes)
        {
            answer = await client.TryPostAsync($"/admin/failure-mode/{(made % 2 == 0 ? "cache_off" : "none")}");
            made++;
        }

        var profile = await client.TryGetAsync("/api/users/profile/1");
        report.Add(
            $"{Changes} mode changes, each with a log line, while the output is not read",
            "all are answered, and then a profile",
            $"change {made}: {answer}; profile: {profile}",
            made == Changes && (answer, profile) == ("200", "200"));
    }

    // The address must be known in advance, because the service's greeting cannot be read.
    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }
}
