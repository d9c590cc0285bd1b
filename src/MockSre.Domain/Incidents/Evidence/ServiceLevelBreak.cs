using MockSre.Domain.Traffic;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>Finds when the figures of a run first break its service level.</summary>
public static class ServiceLevelBreak
{
    /// <summary>Length of a window in seconds. The first window is skipped: its requests find an empty cache.</summary>
    private const int WindowS = 5;

    /// <summary>The middle of the first window that breaks the service level, UTC. Null if no window does.</summary>
    public static DateTimeOffset? Of(IncidentRecord incident)
    {
        var level = incident.Plan.ServiceLevel;
        var seconds = incident.Seconds.GroupBy(second => second.At).OrderBy(second => second.Key).ToList();
        for (var from = WindowS; from + WindowS <= seconds.Count; from++)
        {
            var window = seconds.Skip(from).Take(WindowS).SelectMany(second => second).ToList();
            var latencies = window.SelectMany(second => second.LatenciesMs).Order().ToList();
            if (window.Sum(second => second.Errors) > level.ErrorRate * window.Sum(second => second.Count)
                || latencies.Percentile(95) > level.P95Ms)
            {
                return seconds[from].Key.AddSeconds(WindowS / 2.0);
            }
        }

        return null;
    }
}
