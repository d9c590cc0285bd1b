using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Faults;

/// <summary>Holds the current deployment and replaces it. A change takes effect with the next request. Thread-safe.</summary>
public sealed class FailureSwitch : IDisposable
{
    public const int HistoryLimit = 100;

    /// <summary>The longest time to live of a mode, in seconds: a day.</summary>
    public const int MaxTtlSeconds = 86_400;

    private readonly ServiceSettings _settings;
    private readonly FaultTimings _timings;
    private readonly IProfileStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<DeploymentChange> _history = new();
    private readonly List<Deployment> _draining = [];
    private readonly Observers<DeploymentChange> _observers;
    private ITimer? _autoOff;
    private long _published;
    private volatile bool _disposed;
    private volatile Deployment _current = null!;
    private volatile DeploymentChange _last = null!;

    /// <summary>Publishes the first deployment, in the mode that the settings name.</summary>
    /// <param name="observerFailed">Called when a subscriber throws.</param>
    public FailureSwitch(
        ServiceSettings settings, FaultTimings timings, IProfileStore store, TimeProvider time, Action<Exception>? observerFailed = null)
    {
        _observers = new Observers<DeploymentChange>(observerFailed);
        _settings = settings;
        _timings = timings;
        _store = store;
        _time = time;
        Publish(PlanOf(Modes.Find(settings.FailureMode) ?? Modes.None), ChangeSource.Startup);
    }

    public Deployment Current => _current;
    public DeploymentChange LastChange => _last;

    /// <summary>The newest <see cref="HistoryLimit"/> changes, newest first.</summary>
    public IReadOnlyList<DeploymentChange> History => _gate.Read(() => _history.Reverse().ToArray());

    /// <summary>The pools of replaced deployments that still have requests.</summary>
    public IReadOnlyList<PoolStatus> Draining => _gate.Read(() => _draining.ConvertAll(deployment => deployment.Pool));

    /// <summary>Begins a request in the current deployment. The caller must call <see cref="Deployment.EndRequest"/>.</summary>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public Deployment BeginRequest() => EnterCurrent(static deployment => deployment.TryBeginRequest());

    /// <summary>Begins a request from outside. The caller must call <see cref="Deployment.EndVisit"/>.</summary>
    /// <remarks>If the deployment separates visitors, the request neither starts the background jobs nor keeps them running.</remarks>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public Deployment BeginVisit() => EnterCurrent(static deployment => deployment.TryBeginVisit());

    /// <summary>Sets a mode, as a new deployment even if the mode is the current one.</summary>
    /// <param name="ttl">The time after which the healthy mode returns; null for never. The healthy mode ignores it, valid or not.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not from one second to <see cref="MaxTtlSeconds"/>.</exception>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public DeploymentChange Set(FailureMode mode, ChangeSource source, TimeSpan? ttl = null) =>
        Publish(PlanOf(mode), source, mode.IsHealthy ? null : ttl);

    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public DeploymentChange Restore(ChangeSource source) => Publish(PlanOf(Modes.None), source);

    /// <param name="ttl">The time after which the healthy mode returns; null for never.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not from one second to <see cref="MaxTtlSeconds"/>.</exception>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public DeploymentChange Publish(DeploymentPlan plan, ChangeSource source, TimeSpan? ttl = null)
    {
        if (ttl is { TotalSeconds: < 1 or > MaxTtlSeconds })
        {
            throw new ArgumentOutOfRangeException(nameof(ttl));
        }

        return Replace(plan, source, ttl)!;
    }

    /// <summary>Calls a subscriber after each change until the result is disposed.</summary>
    public IDisposable Subscribe(Action<DeploymentChange> observer) => _observers.Subscribe(observer);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _autoOff?.Dispose();
        }

        _current.Retire();
    }

    private Deployment EnterCurrent(Func<Deployment, bool> tryEnter)
    {
        while (true)
        {
            var current = _current;
            if (tryEnter(current))
            {
                return current;
            }

            ObjectDisposedException.ThrowIf(_disposed, this);
        }
    }

    private DeploymentPlan PlanOf(FailureMode mode) => Modes.PlanOf(mode, _settings, _timings);

    private DeploymentChange? Replace(DeploymentPlan plan, ChangeSource source, TimeSpan? ttl, DeploymentChange? onlyAfter = null)
    {
        Deployment? replaced;
        DeploymentChange change;

        // The timer and the jobs outlive the request that sets the mode, so they must not be part of its trace.
        using var apart = ExecutionContext.SuppressFlow();
        lock (_gate)
        {
            // A timer that fires while a mode is set by hand must not undo the new mode.
            if (onlyAfter is not null && (_disposed || !ReferenceEquals(onlyAfter, _last)))
            {
                return null;
            }

            ObjectDisposedException.ThrowIf(_disposed, this);
            var fresh = new Deployment(plan, ++_published, _store, _time, Forget);
            var until = ttl is null ? null : fresh.Since + ttl;
            change = new DeploymentChange(fresh.Since, fresh.Number, _last?.To, plan.Label, plan.Release, source, until);

            replaced = _current;
            if (replaced is not null)
            {
                _draining.Add(replaced);
            }

            _current = fresh;
            _last = change;
            _history.Enqueue(change);
            if (_history.Count > HistoryLimit)
            {
                _history.Dequeue();
            }

            _autoOff?.Dispose();
            _autoOff = ttl is { } due ? _time.CreateTimer(_ => TurnOff(change), null, due, Timeout.InfiniteTimeSpan) : null;
        }

        replaced?.Retire();
        _observers.Tell(change);
        return change;
    }

    private void TurnOff(DeploymentChange change) =>
        Replace(PlanOf(Modes.None), ChangeSource.AutoOff, ttl: null, onlyAfter: change);

    private void Forget(Deployment deployment)
    {
        lock (_gate)
        {
            _draining.Remove(deployment);
        }
    }
}
