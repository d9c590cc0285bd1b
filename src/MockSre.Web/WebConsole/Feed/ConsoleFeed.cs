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
/// Tells open consoles what to show: once a second, and at once when somebody changed something. What is shown is made once, however many
/// look; while nobody does, nothing runs.
/// </summary>
internal sealed class ConsoleFeed : IDisposable
{
    /// <summary>How soon a change is noticed, whoever made it; also the most snapshots: ten a second, and those only where something changes as often.</summary>
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

    /// <summary>What to show now; made now, unless consoles are being told already.</summary>
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

    /// <summary>Consoles that are told.</summary>
    public int Watchers => _consoles.Count;

    /// <summary>Tells a console each time there is something new to show, on any thread, until what is returned is disposed of.</summary>
    public IDisposable Subscribe(Action<ConsoleSnapshot> console)
    {
        var subscription = _consoles.Subscribe(console);
        lock (_gate)
        {
            if (_timer is null && !_disposed)
            {
                Take();

                // Consoles come with requests, of which the timer is no part.
                using var apart = ExecutionContext.SuppressFlow();
                _timer = _time.CreateTimer(_ => Look(), null, PollInterval, PollInterval);
            }
        }

        return new Watch(this, subscription);
    }

    /// <summary>Tells all consoles at once, after a click.</summary>
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

    // On a thread of the timer, where an exception would end the process: watching must not stop the service.
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

    // Under the lock.
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

    /// <summary>What cannot differ without something new to show.</summary>
    private readonly record struct Stamp(long Deployment, int RunningLoads, string? NewestLoad, long InboxEpoch, (string? Id, int Milestones) Incident, long Second);

    private sealed class Watch(ConsoleFeed feed, IDisposable subscription) : IDisposable
    {
        public void Dispose()
        {
            subscription.Dispose();
            feed.StopIfAlone();
        }
    }
}
