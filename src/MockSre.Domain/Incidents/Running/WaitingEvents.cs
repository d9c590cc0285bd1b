using MockSre.Domain.Incidents.Evidence;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Events that are not in the store yet, oldest first. Safe for threads.</summary>
/// <remarks>
/// Log lines and signals are bounded by <see cref="MaxBytes"/>. Other events are few and wait without a limit: a run has few states,
/// deploys, actions and diagnoses, and at most four hours of seconds.
/// </remarks>
public sealed class WaitingEvents(TimeProvider time)
{
    /// <summary>Bytes of log lines and signals that may wait. Beyond, the oldest tenth is dropped and counted.</summary>
    public const long MaxBytes = 256 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<IncidentEvent> _events = [];
    private long _bytes;
    private int _droppedLines;
    private int _droppedSignals;

    public int Count => _gate.Read(() => _events.Count);

    public void Add(IncidentEvent happened)
    {
        lock (_gate)
        {
            _events.Add(happened);
            _bytes += WeightOf(happened);
            DropOldest();
        }
    }

    public List<IncidentEvent> Take(int most)
    {
        lock (_gate)
        {
            var batch = _events.GetRange(0, Math.Min(most, _events.Count));
            _events.RemoveRange(0, batch.Count);
            _bytes -= batch.Sum(WeightOf);
            return batch;
        }
    }

    /// <summary>Puts a batch back that could not be kept, before everything that has happened since.</summary>
    public int PutBack(List<IncidentEvent> batch)
    {
        lock (_gate)
        {
            _events.InsertRange(0, batch);
            _bytes += batch.Sum(WeightOf);
            DropOldest();
            return _events.Count;
        }
    }

    public (int Lines, int Signals) TakeDropped()
    {
        lock (_gate)
        {
            var dropped = (_droppedLines, _droppedSignals);
            (_droppedLines, _droppedSignals) = (0, 0);
            return dropped;
        }
    }

    // Under the lock. One event at the front stands for all that were dropped: they are older than every line and signal that is left.
    private void DropOldest()
    {
        if (_bytes <= MaxBytes)
        {
            return;
        }

        var earlier = _events.OfType<Dropped>().FirstOrDefault();
        var (lines, signals) = (0, 0);
        var left = new List<IncidentEvent>(_events.Count);
        foreach (var waiting in _events)
        {
            if (_bytes > MaxBytes * 9 / 10 && WeightOf(waiting) is > 0 and var weight)
            {
                _bytes -= weight;
                lines += waiting is Logged ? 1 : 0;
                signals += waiting is SignalCaptured ? 1 : 0;
            }
            else if (waiting != earlier)
            {
                left.Add(waiting);
            }
        }

        _events.Clear();
        _events.Add(new Dropped(time.GetUtcNow(), lines + (earlier?.Lines ?? 0), signals + (earlier?.Signals ?? 0)));
        _events.AddRange(left);
        _droppedLines += lines;
        _droppedSignals += signals;
    }

    // The approximate size in memory; 0 for an event that is never dropped.
    private static long WeightOf(IncidentEvent waiting) => waiting switch
    {
        Logged line => 200 + (2 * (line.Message.Length + (line.Path?.Length ?? 0) + (line.TraceId?.Length ?? 0))),
        SignalCaptured signal => 100 + signal.Envelope.Length,
        _ => 0,
    };
}
