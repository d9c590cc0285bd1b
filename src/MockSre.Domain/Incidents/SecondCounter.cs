using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;

namespace MockSre.Domain.Incidents;

/// <summary>Counts requests by release until the second ends. Safe for threads.</summary>
public sealed class SecondCounter
{
    /// <summary>Latencies that are kept of one second and release; further requests are counted without.</summary>
    public const int MaxLatencies = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Tally> _byRelease = [];

    /// <summary>A request ends.</summary>
    /// <param name="release">The release it met.</param>
    /// <param name="sample">What it was.</param>
    public void Count(string release, in RequestSample sample)
    {
        if (sample.Status == RequestSample.ClientClosedRequest)
        {
            return;
        }

        lock (_gate)
        {
            if (!_byRelease.TryGetValue(release, out var tally))
            {
                _byRelease[release] = tally = new Tally();
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

    /// <summary>Ends the second.</summary>
    /// <param name="at">Its beginning.</param>
    public IReadOnlyList<IncidentEvent> End(DateTimeOffset at)
    {
        lock (_gate)
        {
            var events = _byRelease.Select(pair => (IncidentEvent)new IncidentEvent.SecondCounted(
                at,
                pair.Key,
                pair.Value.Count,
                pair.Value.Errors,
                pair.Value.Refused,
                pair.Value.Hits,
                pair.Value.Misses,
                pair.Value.Reads,
                pair.Value.PoolTimeouts,
                pair.Value.LatenciesMs)).ToList();
            _byRelease.Clear();
            return events;
        }
    }

    private sealed class Tally
    {
        public int Count { get; set; }

        public int Errors { get; set; }

        public int Refused { get; set; }

        public int Hits { get; set; }

        public int Misses { get; set; }

        public int Reads { get; set; }

        public int PoolTimeouts { get; set; }

        public List<double> LatenciesMs { get; } = [];
    }
}
