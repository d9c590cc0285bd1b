using MockSre.Domain.Profiles;

namespace MockSre.Domain.Traffic;

/// <summary>Counts requests. Not safe for threads.</summary>
internal sealed class TrafficCounter
{
    private readonly LatencyHistogram _latency = new();
    private readonly LatencyHistogram _okLatency = new();
    private readonly LatencyHistogram _errorLatency = new();
    private long _cancelled;
    private long _hits;
    private long _misses;
    private long _bypassed;
    private long _reads;
    private long _poolTimeouts;

    public void Record(in RequestSample sample)
    {
        _hits += sample.Cache == CacheOutcome.Hit ? 1 : 0;
        _misses += sample.Cache == CacheOutcome.Miss ? 1 : 0;
        _bypassed += sample.Cache == CacheOutcome.Bypass ? 1 : 0;
        _reads += sample.DatabaseReads;
        _poolTimeouts += sample.PoolTimedOut ? 1 : 0;
        if (sample.Status == RequestSample.ClientClosedRequest)
        {
            _cancelled++;
            return;
        }

        _latency.Record(sample.Latency);
        if (sample.IsOk)
        {
            _okLatency.Record(sample.Latency);
        }
        else if (sample.IsError)
        {
            _errorLatency.Record(sample.Latency);
        }
    }

    public void Add(TrafficCounter other)
    {
        _latency.Add(other._latency);
        _okLatency.Add(other._okLatency);
        _errorLatency.Add(other._errorLatency);
        _cancelled += other._cancelled;
        _hits += other._hits;
        _misses += other._misses;
        _bypassed += other._bypassed;
        _reads += other._reads;
        _poolTimeouts += other._poolTimeouts;
    }

    public void Clear()
    {
        _latency.Clear();
        _okLatency.Clear();
        _errorLatency.Clear();
        _cancelled = _hits = _misses = _bypassed = _reads = _poolTimeouts = 0;
    }

    public TrafficFigures Freeze() => new(
        _latency.Count, _errorLatency.Count, _okLatency.Count, _cancelled, CacheHits: _hits, CacheMisses: _misses, CacheBypassed: _bypassed,
        DatabaseReads: _reads, PoolTimeouts: _poolTimeouts, _latency.Percentiles(), _okLatency.Percentiles(), _errorLatency.Percentiles());
}
