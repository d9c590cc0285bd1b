using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Faults;

/// <summary>
/// Says which deployment is current, and replaces it. A change takes effect with the next request; requests under way end as
/// they began.
/// </summary>
public sealed class FailureSwitch : IDisposable
{
    /// <summary>Changes that <see cref="History"/> remembers; older ones are forgotten.</summary>
    public const int HistoryLimit = 100;

    /// <summary>The longest time, in seconds, after which a mode can turn itself off: a day.</summary>
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
    /// <param name="settings">The settings that modes apply.</param>
    /// <param name="timings">How long faults last.</param>
    /// <param name="store">Where profiles are read from.</param>
    /// <param name="time">The clock of everything below.</param>
    /// <param name="observerFailed">Hears of the exceptions of observers.</param>
    public FailureSwitch(ServiceSettings settings, FaultTimings timings, IProfileStore store, TimeProvider time, Action<Exception>? observerFailed = null)
    {
        _observers = new Observers<DeploymentChange>(observerFailed);
        _settings = settings;
        _timings = timings;
        _store = store;
        _time = time;
        Publish(PlanOf(Modes.Find(settings.FailureMode) ?? Modes.None), ChangeSource.Startup);
    }

    /// <summary>The deployment that the next request will meet.</summary>
    public Deployment Current => _current;

    /// <summary>The change that brought <see cref="Current"/>.</summary>
    public DeploymentChange LastChange => _last;

    /// <summary>The newest <see cref="HistoryLimit"/> changes, newest first.</summary>
    public IReadOnlyList<DeploymentChange> History
    {
        get
        {
            lock (_gate)
            {
                return [.. _history.Reverse()];
            }
        }
    }

    /// <summary>The pools of replaced deployments whose requests have not all ended.</summary>
    public IReadOnlyList<PoolStatus> Draining
    {
        get
        {
            lock (_gate)
            {
                return [.. _draining.Select(deployment => deployment.Pool)];
            }
        }
    }

    /// <summary>Begins a request in the current deployment; the caller must <see cref="Deployment.EndRequest"/> it.</summary>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public Deployment BeginRequest() => EnterCurrent(static deployment => deployment.TryBeginRequest());

    /// <summary>
    /// Begins a request from outside in the current deployment, as a visitor where the deployment separates them; the caller must
    /// <see cref="Deployment.EndVisit"/> it. The deployment's jobs do not begin with a visitor, and do not go on for one.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public Deployment BeginVisit() => EnterCurrent(static deployment => deployment.TryBeginVisit());

    /// <summary>Sets a mode, as a fresh deployment even if it is the current one.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="source">Who sets it.</param>
    /// <param name="ttl">After which the mode falls back to <c>none</c>; null for never. Means nothing for <c>none</c> itself.</param>
    /// <returns>What changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not from one second to <see cref="MaxTtlSeconds"/>.</exception>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public DeploymentChange Set(FailureMode mode, ChangeSource source, TimeSpan? ttl = null)
    {
        RequireTtl(ttl);
        return Publish(PlanOf(mode), source, mode.IsHealthy ? null : ttl);
    }

    /// <summary>Publishes mode <c>none</c>, as the settings have it.</summary>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public DeploymentChange Restore(ChangeSource source) => Publish(PlanOf(Modes.None), source);

    /// <summary>Publishes a deployment, as a fresh one whatever is current.</summary>
    /// <param name="plan">What with.</param>
    /// <param name="source">Who publishes it.</param>
    /// <param name="ttl">After which mode <c>none</c> is published instead; null for never.</param>
    /// <returns>What changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not from one second to <see cref="MaxTtlSeconds"/>.</exception>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public DeploymentChange Publish(DeploymentPlan plan, ChangeSource source, TimeSpan? ttl = null)
    {
        RequireTtl(ttl);
        return Replace(plan, source, ttl)!;
    }

    /// <summary>Calls an observer after each change, until what is returned is disposed of. An observer that throws spoils nothing for the others.</summary>
    public IDisposable Subscribe(Action<DeploymentChange> observer) => _observers.Subscribe(observer);

    /// <summary>Retires the current deployment: it ends with its last request.</summary>
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

    private static void RequireTtl(TimeSpan? ttl)
    {
        if (ttl is { TotalSeconds: < 1 or > MaxTtlSeconds })
        {
            throw new ArgumentOutOfRangeException(nameof(ttl));
        }
    }

    private DeploymentPlan PlanOf(FailureMode mode) => Modes.PlanOf(mode, _settings, _timings);

    private DeploymentChange? Replace(DeploymentPlan plan, ChangeSource source, TimeSpan? ttl, DeploymentChange? onlyAfter = null)
    {
        Deployment? replaced;
        DeploymentChange change;

        // What outlives the call (the auto-off, a burst) is no part of the request that made it.
        using var apart = ExecutionContext.SuppressFlow();
        lock (_gate)
        {
            // An auto-off that fires just as somebody sets a mode by hand must not undo that.
            if (onlyAfter is not null && (_disposed || !ReferenceEquals(onlyAfter, _last)))
            {
                return null;
            }

            ObjectDisposedException.ThrowIf(_disposed, this);
            var fresh = new Deployment(plan, ++_published, _store, _time, Forget);
            change = new DeploymentChange(fresh.Since, fresh.Number, _last?.To, plan.Label, plan.Release, source, ttl is null ? null : fresh.Since + ttl);

            replaced = _current;
            if (replaced is not null)
            {
                _draining.Add(replaced);
            }

            _current = fresh;
            _last = change;
            Remember(change);
            _autoOff?.Dispose();
            _autoOff = ttl is null
                ? null
                : _time.CreateTimer(
                    _ => Replace(PlanOf(Modes.None), ChangeSource.AutoOff, ttl: null, onlyAfter: change), null, ttl.Value, Timeout.InfiniteTimeSpan);
        }

        replaced?.Retire();
        _observers.Tell(change);
        return change;
    }

    private void Remember(DeploymentChange change)
    {
        _history.Enqueue(change);
        if (_history.Count > HistoryLimit)
        {
            _history.Dequeue();
        }
    }

    private void Forget(Deployment deployment)
    {
        lock (_gate)
        {
            _draining.Remove(deployment);
        }
    }
}
