using MockSre.Domain.Profiles;

namespace MockSre.Domain.Traffic;

/// <summary>Rolling figures of the profile endpoint, by second. Thread-safe.</summary>
/// <remarks>The histograms of the last minute are kept: its percentiles come from the merged histogram.</remarks>
public sealed class LiveMetrics
{
    /// <summary>The most whole seconds that are kept.</summary>
    public const int WindowSeconds = 300;

    public const int MinuteSeconds = 60;
    public const int ShortSeconds = 10;
    public const int RecentLimit = 20;

    private static readonly TrafficFigures Nothing = new TrafficCounter().Freeze();

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<MetricsSecond> _seconds = new(WindowSeconds);
    private readonly TrafficCounter[] _minute = [.. Enumerable.Range(0, MinuteSeconds).Select(_ => new TrafficCounter())];
    private readonly Queue<RecentRequest> _recent = new(RecentLimit + 1);
    private readonly TrafficCounter _now = new();
    private readonly TrafficCounter _ended = new();
    private DateTimeOffset _since;
    private long _sinceTimestamp;
    private DateTimeOffset _firstSecond;
    private TimeSpan _firstSecondLead;
    private long _second;
    private int _inFlight;
    private int _peak;
    private int _epoch;
    private (IReadOnlyList<MetricsSecond> Seconds, TrafficFigures LastMinute, TrafficFigures LastTenSeconds)? _shared;

    public LiveMetrics(TimeProvider time)
    {
        _time = time;
        Reset();
    }

    /// <returns>A token for <see cref="End"/>.</returns>
    public int Begin()
    {
        lock (_gate)
        {
            CatchUp();
            _peak = Math.Max(_peak, ++_inFlight);
            return _epoch;
        }
    }

    /// <summary>Counts a request that ends, unless it began before the last reset.</summary>
    public void End(int begun, in RequestSample sample)
    {
        lock (_gate)
        {
            CatchUp();
            _inFlight--;
            if (begun == _epoch)
            {
                _now.Record(sample);
                _recent.Enqueue(new RecentRequest(_time.GetUtcNow(), sample));
                if (_recent.Count > RecentLimit)
                {
                    _recent.Dequeue();
                }
            }
        }
    }

    /// <summary>Clears all figures. Requests in flight stay in flight.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _since = _time.GetUtcNow();
            _sinceTimestamp = _time.GetTimestamp();
            _firstSecond = new DateTimeOffset(_since.Ticks - (_since.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            _firstSecondLead = _since - _firstSecond;
            _second = 0;
            _peak = _inFlight;
            _epoch++;
            _seconds.Clear();
            _recent.Clear();
            _now.Clear();
            _ended.Clear();
            Array.ForEach(_minute, counter => counter.Clear());
            _shared = null;
        }
    }

    public MetricsSnapshot Snapshot()
    {
        lock (_gate)
        {
            CatchUp();
            _shared ??= ([.. _seconds], Merge(_minute).Freeze(), Merge(LastCounters(ShortSeconds)).Freeze());
            return new MetricsSnapshot(
                _since + _time.GetElapsedTime(_sinceTimestamp),
                _since,
                _inFlight,
                _shared.Value.Seconds,
                _shared.Value.LastMinute,
                _shared.Value.LastTenSeconds,
                Merge([_ended, _now]).Freeze(),
                [.. _recent.Reverse()]);
        }
    }

    private static TrafficCounter Merge(IEnumerable<TrafficCounter> counters)
    {
        var merged = new TrafficCounter();
        foreach (var counter in counters)
        {
            merged.Add(counter);
        }

        return merged;
    }

    // Counters of seconds before the start are empty.
    private IEnumerable<TrafficCounter> LastCounters(int seconds) =>
        Enumerable.Range(1, seconds).Select(back => _minute[(_second - back + MinuteSeconds) % MinuteSeconds]);

    // Seconds are counted by the monotonic clock: a correction of the wall clock must not lose or repeat one.
    private void CatchUp()
    {
        var current = (long)(_time.GetElapsedTime(_sinceTimestamp) + _firstSecondLead).TotalSeconds;
        if (current == _second)
        {
            return;
        }

        Freeze(_now.Freeze(), _now);
        for (_second = Math.Max(_second, current - WindowSeconds); _second < current;)
        {
            Freeze(Nothing, null);
        }
    }

    private void Freeze(TrafficFigures figures, TrafficCounter? counter)
    {
        if (_seconds.Count == WindowSeconds)
        {
            _seconds.Dequeue();
        }

        _seconds.Enqueue(new MetricsSecond(_firstSecond.AddSeconds(_second), figures, _peak));
        var slot = _minute[_second % MinuteSeconds];
        slot.Clear();
        if (counter is not null)
        {
            slot.Add(counter);
            _ended.Add(counter);
            counter.Clear();
        }

        _peak = _inFlight;
        _second++;
        _shared = null;
    }
}
