using System.Diagnostics;

namespace MockSre.Checks.Faults;

/// <summary>Faults that the service must survive: kills, unread output, a full disk, outside requests, a second instance.</summary>
internal static class FaultChecks
{
    /// <summary>Parts that keep a processor busy. Each runs alone.</summary>
    private static readonly Part[] Busy =
    [
        new("descriptors", DescriptorChecks.RunAsync, TimeSpan.FromSeconds(90)),
        new("circuits", CircuitCheck.RunAsync, TimeSpan.FromSeconds(60)),
        new("unread-output", UnreadOutputCheck.RunAsync, TimeSpan.FromSeconds(90)),
        new("kills", KillChecks.RunAsync, TimeSpan.FromSeconds(240)),
    ];

    /// <summary>Parts that mostly wait for real time. They run side by side.</summary>
    private static readonly Part[] Waiting =
    [
        new("full-disk", FullDiskCheck.RunAsync, TimeSpan.FromSeconds(240)),
        new("strangers", StrangerCheck.RunAsync, TimeSpan.FromSeconds(240)),
        new("instances", InstancesCheck.RunAsync, TimeSpan.FromSeconds(120)),
    ];

    /// <summary>The values of <c>--only</c>: each part, and both groups.</summary>
    public static IEnumerable<string> Names => ["busy", "waiting", .. Busy.Concat(Waiting).Select(part => part.Name)];

    /// <param name="only">A name of <see cref="Names"/>; null for all.</param>
    public static async Task<int> RunAsync(string service, string? only)
    {
        var start = Stopwatch.GetTimestamp();
        var report = new CheckReport();
        await Task.WhenAll(Chosen("waiting", Waiting).Select(CheckAsync));
        foreach (var part in Chosen("busy", Busy))
        {
            await CheckAsync(part);
        }

        var code = report.Print();
        Console.WriteLine($"in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return code;

        IEnumerable<Part> Chosen(string group, Part[] parts) => parts.Where(part => only is null || only == group || only == part.Name);

        Task CheckAsync(Part part) => report.RunAsync(part.Name, rows => part.RunAsync(service, rows), part.Limit);
    }

    private sealed record Part(string Name, Func<string, CheckReport, Task> RunAsync, TimeSpan Limit);
}
