using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.WebConsole.Feed;

/// <summary>Publishes one snapshot to all open consoles, once a second and after a change. Without consoles, nothing runs.</summary>
internal sealed class ConsoleFeed(
    FailureSwitch failures, LiveMetrics metrics, LoadGenerator loads, SignalInbox inbox, SignalExpectations expectations,
    CurrentRun currentRun, TimeProvider time, ObserverLog log) : IDisposable
{
    /// <summary>The delay until a change is noticed, and the shortest time between two snapshots.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Observers<ConsoleSnapshot> _consoles = new(log.Failed);
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _disposed;
    private Stamp _stamp;
    private ConsoleSnapshot? _current;
    private (long Version, Lazy<SignalGroups> Groups)? _groups;

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
                _timer = time.CreateTimer(_ => Look(), null, PollInterval, PollInterval);
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
            log.Failed(e);
        }
    }

    // Called under the lock.
    private ConsoleSnapshot Take()
    {
        _stamp = StampNow();
        var figures = metrics.Snapshot();
        var runs = loads.Runs;
        var current = failures.Current;
        var now = time.GetUtcNow();
        var incident = currentRun.Run is { } run ? OpenIncident.Of(run, now) : null;
        if (_groups is not { } groups || groups.Version != inbox.Version)
        {
            _groups = groups = (inbox.Version, new Lazy<SignalGroups>(() => SignalGroups.Of(inbox)));
        }

        return _current = new ConsoleSnapshot(
            now, failures.LastChange, current.Traits, current.Pool, failures.Draining.Count, figures,
            ChartFrame.Of(figures, failures.History, runs, incident?.Alert, drift: now - figures.At),
            runs.FirstOrDefault(run => run.Plan is LoadPlan.ClosedLoop && run.StartedAt >= figures.Since + (now - figures.At))?.Report(),
            runs.FirstOrDefault(run => run.Plan is LoadPlan.OpenLoop && run.IsRunning)?.Report(),
            expectations.Report(), inbox.Counts, incident, groups.Groups);
    }

    private Stamp StampNow()
    {
        var runs = loads.Runs;
        var incident = currentRun.Run?.Incident;
        return new Stamp(
            failures.LastChange.Deployment, runs.Count(run => run.IsRunning), runs.Count > 0 ? runs[0].Id : null, inbox.Epoch,
            (incident?.Id, incident is null ? 0 : OpenIncident.MilestonesOf(incident)),
            time.GetUtcNow().ToUnixTimeSeconds());
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
