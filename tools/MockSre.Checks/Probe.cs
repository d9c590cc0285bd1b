using System.Diagnostics;
using System.Globalization;

namespace MockSre.Checks;

/// <summary>Repeats a request at a modest rate, with its own connection and thread.</summary>
/// <remarks>
/// Latency counts from the time at which a probe is due, so a freeze of a second delays two hundred probes. If each probe waited for the
/// previous one, the freeze would count once and no percentile would show it.
/// </remarks>
internal static class Probe
{
    public const string Health = "/health";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    public static Task<Latencies> RunAsync(Uri server, string path, TimeSpan duration) =>
        Task.Factory.StartNew(
            () => Run(server, path, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static string Describe(Latencies probes) => string.Create(
        CultureInfo.InvariantCulture,
        $"p95 {probes.P95.TotalMilliseconds:F1} ms (p50 {probes.P50.TotalMilliseconds:F1}, p99 {probes.P99.TotalMilliseconds:F1}, "
        + $"most {probes.Most.TotalMilliseconds:F1}; {probes.Count} probes)");

    private static Latencies Run(Uri server, string path, TimeSpan duration)
    {
        using var connection = new RawConnection(server, path);
        using var pause = new ManualResetEventSlim();
        var latencies = new List<TimeSpan>();
        var start = Stopwatch.GetTimestamp();
        for (var due = TimeSpan.Zero; Stopwatch.GetElapsedTime(start) < duration; due += Interval)
        {
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                // A late timer is not the server's fault, so the due time moves.
                pause.Wait(early);
                due = Stopwatch.GetElapsedTime(start);
            }

            connection.Send();
            if (connection.Receive() is var status and not 200)
            {
                throw new InvalidOperationException($"{path} answered {status}.");
            }

            latencies.Add(Stopwatch.GetElapsedTime(start) - due);
        }

        return new Latencies(latencies);
    }
}
