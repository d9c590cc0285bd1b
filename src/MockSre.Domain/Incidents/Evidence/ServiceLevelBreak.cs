using MockSre.Domain.Traffic;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>When the service level of a run broke, as its figures show it.</summary>
public static class ServiceLevelBreak
{
    /// <summary>Seconds that are looked at together; the first ones find an empty cache.</summary>
    private const int WindowS = 5;

    /// <summary>The middle of the first five seconds whose figures break it, UTC; null where none do.</summary>
    public static DateTimeOffset? Of(IncidentRecord incident)
    {
        var level = incident.Plan.ServiceLevel;
        var seconds = incident.Seconds.GroupBy(second => second.At).OrderBy(second => second.Key).ToList();
        for (var from = WindowS; from + WindowS <= seconds.Count; from++)
        {
            var window = seconds.Skip(from).Take(WindowS).SelectMany(second => second).ToList();
            var latencies = window.SelectMany(second => second.LatenciesMs).Order().ToList();
            if (window.Sum(second => second.Errors) > level.ErrorRate * window.Sum(second => second.Count) || latencies.Percentile(95) > level.P95Ms)
            {
                return seconds[from].Key.AddSeconds(WindowS / 2.0);
            }
        }

        return null;
    }
}
