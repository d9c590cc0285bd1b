using MockSre.Domain;
using MockSre.Domain.Faults;
using MockSre.Domain.Load;
using MockSre.Domain.Signals;
using MockSre.Domain.Traffic;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>
/// Publishes a snapshot to all open consoles: once a second, and at once after a change. Consoles share the snapshot. Without
/// consoles, nothing runs.
/// </summary>
internal sealed class ConsoleFeed : IDisposable
{
    /// <summary>The delay until a change is noticed, and the shortest time between two snapshots.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly FailureSwitch _failures;
    private readonly LiveMetrics _metrics;
    private readonly LoadGenerator _loads;
    private readonly SignalInbox _inbox;
    private readonly SignalExpectations _expectations;
    private readonly CurrentRun _currentRun;
    private readonly TimeProvider _time;
    private readonly ObserverLog _log;
    private readonly Observers<ConsoleSnapshot> _consoles;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _disposed;
    private Stamp _stamp;
    private ConsoleSnapshot? _current;
    private (long Version, Lazy<SignalGroups> Groups)? _groups;

    public ConsoleFeed(
        FailureSwitch failures,
        LiveMetrics metrics,
        LoadGenerator loads,
        SignalInbox inbox,
        SignalExpectations expectations,
        CurrentRun currentRun,
        TimeProvider time,
        ObserverLog log)
    {
        _failures = failures;
        _metrics = metrics;
        _loads = loads;
        _inbox = inbox;
        _expectations = expectations;
        _currentRun = currentRun;
        _time = time;
        _log = log;
        _consoles = new Observers<ConsoleSnapshot>(log.Failed);
    }

    /// <summary>The newest snapshot. Takes one now if no console is subscribed.</summary>
    public ConsoleSnapshot Current
    {
        get
        {
            lock (_gate)
            {
                return _timer is null || _current is null ? Take() : _current;
            }
        }
    }

    public int Watchers => _consoles.Count;

    /// <summary>Calls a console on each new snapshot, on any thread, until the subscription is disposed of.</summary>
    public IDisposable Subscribe(Action<ConsoleSnapshot> console)
    {
        var subscription = _consoles.Subscribe(console);
        lock (_gate)
        {
            if (_timer is null && !_disposed)
            {
                Take();

                // A console subscribes during a request. The timer must not keep that request's context.
                using var apart = ExecutionContext.SuppressFlow();
                _timer = _time.CreateTimer(_ => Look(), null, PollInterval, PollInterval);
            }
        }

        return new Watch(this, subscription);
    }

    /// <summary>Publishes a snapshot at once, after a click.</summary>
    public void Refresh()
    {
        ConsoleSnapshot fresh;
        lock (_gate)
        {
            fresh = Take();
        }

        _consoles.Tell(fresh);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    // An exception on a timer thread would end the process.
    private void Look()
    {
        try
        {
            ConsoleSnapshot fresh;
            lock (_gate)
            {
                if (_timer is null || StampNow() == _stamp)
                {
                    return;
                }

                fresh = Take();
            }

            _consoles.Tell(fresh);
        }
        catch (Exception e)
        {
            _log.Failed(e);
        }
    }

    // Called under the lock.
    private ConsoleSnapshot Take()
    {
        _stamp = StampNow();
        var metrics = _metrics.Snapshot();
        var loads = _loads.Runs;
        var current = _failures.Current;
        var now = _time.GetUtcNow();
        var incident = _currentRun.Run is { } run ? OpenIncident.Of(run, now) : null;
        if (_groups is not { } groups || groups.Version != _inbox.Version)
        {
            _groups = groups = (_inbox.Version, new Lazy<SignalGroups>(() => SignalGroups.Of(_inbox)));
        }

        return _current = new ConsoleSnapshot(
            now,
            _failures.LastChange,
            current.Traits,
            current.Pool,
            _failures.Draining.Count,
            metrics,
            ChartFrame.Of(metrics, _failures.History, loads, incident?.Alert, drift: now - metrics.At),
            loads.FirstOrDefault(run => run.Plan is LoadPlan.ClosedLoop && run.StartedAt >= metrics.Since + (now - metrics.At))?.Report(),
            loads.FirstOrDefault(run => run.Plan is LoadPlan.OpenLoop && run.IsRunning)?.Report(),
            _expectations.Report(),
            _inbox.Counts,
            incident,
            groups.Groups);
    }

    private Stamp StampNow()
    {
        var loads = _loads.Runs;
        var incident = _currentRun.Run?.Incident;
        return new Stamp(
            _failures.LastChange.Deployment,
            loads.Count(run => run.IsRunning),
            loads.Count > 0 ? loads[0].Id : null,
            _inbox.Epoch,
            (incident?.Id, incident is null ? 0 : OpenIncident.MilestonesOf(incident)),
            _time.GetUtcNow().ToUnixTimeSeconds());
    }

    private void StopIfAlone()
    {
        lock (_gate)
        {
            if (_consoles.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
                _current = null;
                _groups = null;
            }
        }
    }

    /// <summary>Changes whenever there is something new to show.</summary>
    private readonly record struct Stamp(
        long Deployment, int RunningLoads, string? NewestLoad, long InboxEpoch, (string? Id, int Milestones) Incident, long Second);

    private sealed class Watch(ConsoleFeed feed, IDisposable subscription) : IDisposable
    {
        public void Dispose()
        {
            subscription.Dispose();
            feed.StopIfAlone();
        }
    }
}
