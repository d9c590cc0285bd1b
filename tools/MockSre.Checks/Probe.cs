using System.Diagnostics;
using System.Globalization;

namespace MockSre.Checks;

/// <summary>Asks the same thing over and over at a modest rate, on a connection and a thread of its own.</summary>
/// <remarks>
/// Probes are due at fixed instants and timed from those. A probe that hangs for a second thus makes two hundred late, where
/// one probe after the other would count it once and hide it from every percentile.
/// </remarks>
internal static class Probe
{
    /// <summary>The path of <c>/health</c>.</summary>
    public const string Health = "/health";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Probes for a while.</summary>
    public static Task<Latencies> RunAsync(Uri server, string path, TimeSpan duration) =>
        Task.Factory.StartNew(() => Run(server, path, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A probe's figures, for people.</summary>
    public static string Describe(Latencies probes) => string.Create(
        CultureInfo.InvariantCulture,
        $"p95 {probes.P95.TotalMilliseconds:F1} ms (p50 {probes.P50.TotalMilliseconds:F1}, p99 {probes.P99.TotalMilliseconds:F1}, most {probes.Most.TotalMilliseconds:F1}; {probes.Count} probes)");

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
                // When a timer is late, that is no fault of the server: the instants move.
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
