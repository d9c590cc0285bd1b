using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>The events of a run. Each is applied to the incident at once, and kept in the store batch by batch.</summary>
/// <remarks>Safe for threads, except for <see cref="KeepAsync"/>.</remarks>
public sealed class RunJournal(IncidentRecord incident, IIncidentStore store, IIncidentLog log, TimeProvider time)
{
    /// <summary>The most log lines, and the most signals, of one second. The rest is counted, so that no load fills a disk.</summary>
    /// <remarks>The load of a shipped scenario makes fewer than thirty.</remarks>
    public const int MaxPerSecond = 200;

    /// <summary>Events in one batch. A store that fails is not given all that wait each second.</summary>
    private const int BatchSize = 1000;

    private const string Logger = "MockSre.Domain.Incidents.Log";
    private readonly WaitingEvents _waiting = new(time);
    private readonly SecondCounter _counter = new();
    private readonly Lock _gate = new();
    private int _linesThisSecond;
    private int _signalsThisSecond;
    private bool _storeFails;
    private volatile bool _isClosed;

    /// <summary>Whether the close is recorded. Nothing is recorded after it.</summary>
    public bool IsClosed => _isClosed;

    public bool IsKept => _waiting.Count == 0;

    public void Record(IncidentEvent happened)
    {
        // Under one lock: the store gets the events in the order of the incident, and the close is the last one.
        lock (_gate)
        {
            if (!_isClosed)
            {
                incident.Apply(happened);
                _waiting.Add(happened);
                _isClosed = happened is StateChanged { Closed: not null };
            }
        }
    }

    public void Enter(IncidentState state, CloseReason? closed = null) => Record(new StateChanged(time.GetUtcNow(), state, closed));

    /// <summary>Records a log line of the service, within <see cref="MaxPerSecond"/>.</summary>
    public void RecordLine(Logged line)
    {
        if (Interlocked.Increment(ref _linesThisSecond) <= MaxPerSecond)
        {
            Record(line);
        }
    }

    /// <summary>Records a signal of the service, within <see cref="MaxPerSecond"/>.</summary>
    public void RecordSignal(SignalEntry entry)
    {
        if (Interlocked.Increment(ref _signalsThisSecond) <= MaxPerSecond)
        {
            Record(new SignalCaptured(entry.ReceivedAt, entry.Bytes.ToArray()));
        }
    }

    public void Count(string release, in RequestSample sample) => _counter.Count(release, sample, time.GetUtcNow());

    public void RecordSeconds(DateTimeOffset now)
    {
        foreach (var second in _counter.End(now))
        {
            Record(second);
        }
    }

    /// <summary>Ends a second: records its figures, and logs how many lines and signals of it were left out.</summary>
    public void EndSecond(string release)
    {
        RecordSeconds(time.GetUtcNow());
        LogLeftOut(Interlocked.Exchange(ref _linesThisSecond, 0) - MaxPerSecond, "lines of the log");
        LogLeftOut(Interlocked.Exchange(ref _signalsThisSecond, 0) - MaxPerSecond, "signals");

        void LogLeftOut(int count, string what)
        {
            if (count > 0)
            {
                Warn(Logger, $"{count} {what} of the last second were left out: more than {MaxPerSecond}.", release);
            }
        }
    }

    /// <summary>Writes a warning into the log of the service, as an investigator sees it.</summary>
    public void Warn(string logger, FormattableString message, string release) => Record(new Logged(
        time.GetUtcNow(), LogSeverity.Warning, logger, FormattableString.Invariant(message), TraceId: null, release, Path: null,
        Status: null, DurationMs: null));

    /// <summary>Writes the events so far to the store. One caller at a time.</summary>
    /// <remarks>Events that cannot be written wait for the next call: a run does not end because a disk is full for a while.</remarks>
    public async Task KeepAsync()
    {
        for (var due = _waiting.Count; due > 0 && _waiting.Take(Math.Min(due, BatchSize)) is { Count: > 0 } batch; due -= batch.Count)
        {
            try
            {
                await store.AppendAsync(incident.Id, batch).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                _storeFails = true;
                log.NotKept(e, _waiting.PutBack(batch));
                return;
            }
        }

        if (_storeFails)
        {
            _storeFails = false;
            var (lines, signals) = _waiting.TakeDropped();
            log.Kept(lines, signals);
        }
    }
}
