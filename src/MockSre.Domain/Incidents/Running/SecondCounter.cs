using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Counts requests by release and second of the clock. Safe for threads.</summary>
public sealed class SecondCounter
{
    /// <summary>Latencies that are kept for one second and release. Further requests are counted without a latency.</summary>
    public const int MaxLatencies = 500;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<(long Second, string Release), Tally> _tallies = [];

    public void Count(string release, in RequestSample sample, DateTimeOffset at)
    {
        if (sample.Status == RequestSample.ClientClosedRequest)
        {
            return;
        }

        lock (_gate)
        {
            var key = (at.ToUnixTimeSeconds(), release);
            if (!_tallies.TryGetValue(key, out var tally))
            {
                _tallies[key] = tally = new Tally();
            }

            tally.Count++;
            tally.Errors += sample.IsError ? 1 : 0;
            tally.Refused += sample.Status is >= 400 and < 500 ? 1 : 0;
            tally.Hits += sample.Cache == CacheOutcome.Hit ? 1 : 0;
            tally.Misses += sample.Cache == CacheOutcome.Miss ? 1 : 0;
            tally.Reads += sample.DatabaseReads;
            tally.PoolTimeouts += sample.PoolTimedOut ? 1 : 0;
            if (tally.LatenciesMs.Count < MaxLatencies)
            {
                tally.LatenciesMs.Add(Math.Round(sample.Latency.TotalMilliseconds, 1));
            }
        }
    }

    /// <summary>Takes the seconds before the current one. Each is returned once.</summary>
    public IReadOnlyList<IncidentEvent> End(DateTimeOffset now)
    {
        lock (_gate)
        {
            var over = _tallies.Where(pair => pair.Key.Second < now.ToUnixTimeSeconds()).OrderBy(pair => pair.Key.Second).ToList();
            foreach (var (key, _) in over)
            {
                _tallies.Remove(key);
            }

            return [.. over.Select(pair => new IncidentEvent.SecondCounted(
                DateTimeOffset.FromUnixTimeSeconds(pair.Key.Second),
                pair.Key.Release,
                pair.Value.Count,
                pair.Value.Errors,
                pair.Value.Refused,
                pair.Value.Hits,
                pair.Value.Misses,
                pair.Value.Reads,
                pair.Value.PoolTimeouts,
                pair.Value.LatenciesMs))];
        }
    }

    private sealed class Tally
    {
        public readonly List<double> LatenciesMs = [];
        public int Count, Errors, Refused, Hits, Misses, Reads, PoolTimeouts;
    }
}
