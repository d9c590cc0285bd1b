using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Faults;

/// <summary>Traits in force, with a connection pool and a cache of their own.</summary>
/// <remarks>A request stays in the deployment in which it began. A replaced deployment lasts until its last request has ended.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Its users are counted; the last to leave releases what it owns.")]
public sealed class Deployment
{
    /// <summary>The most connections of visitors, besides those of the export. Visitors have a pool of their own.</summary>
    public const int VisitorConnections = 4;

    private const long NotBegun = long.MinValue;

    private readonly DeploymentPlan _plan;
    private readonly IProfileStore _store;
    private readonly TimeProvider _time;
    private readonly Action<Deployment> _drained;
    private readonly ProfileLane _lane;
    private readonly Lock _gate = new();
    private ProfileLane? _visitorLane;

    // The switch counts as one more user until it has replaced the deployment.
    private int _users = 1;

    // All users together count as one more visitor until the last of them has ended.
    private int _visitors = 1;
    private long _begunAt = NotBegun;

    // Only the switch makes deployments: it alone lets go of them.
    internal Deployment(DeploymentPlan plan, long number, IProfileStore store, TimeProvider time, Action<Deployment> drained)
    {
        _plan = plan;
        _store = store;
        _time = time;
        _drained = drained;
        Number = number;
        Since = time.GetUtcNow();
        _lane = ProfileLane.Open(plan.Traits, int.MaxValue, store, time, isForVisitors: false);
    }

    public TraitSet Traits => _plan.Traits;

    /// <summary>Counts deployments from 1. It identifies a deployment, because a clock can be set back.</summary>
    public long Number { get; }

    /// <summary>The name of the mode; null if the deployment is no mode.</summary>
    public string? Label => _plan.Label;

    public string Release => _plan.Release;
    public string Scenario => _plan.Scenario;

    /// <inheritdoc cref="DeploymentPlan.IsBlind"/>
    public bool IsBlind => _plan.IsBlind;

    /// <inheritdoc cref="DeploymentPlan.SeparatesVisitors"/>
    public bool SeparatesVisitors => _plan.SeparatesVisitors;

    public DateTimeOffset Since { get; }
    public ProfileService Profiles => _lane.Profiles;

    /// <summary>Reads profiles for visitors: same traits and bursts, but a pool and a cache of their own, created on first use.</summary>
    /// <exception cref="System.Data.Common.DbException">The export cannot open the connections that it holds all the time.</exception>
    public ProfileService VisitorProfiles
    {
        get
        {
            lock (_gate)
            {
                return (_visitorLane ??= OpenVisitorLane()).Profiles;
            }
        }
    }

    public PoolStatus Pool => _lane.Pool.Status;

    /// <summary>The progress of the export; null for no export.</summary>
    public ExportStatus? Export => _lane.Job<ActivityExport>()?.Status;

    /// <summary>Whether the import has ended because the table is at <see cref="ActivityImport.MaxRows"/>.</summary>
    public bool IsImportFull => _lane.Job<ActivityImport>() is { IsFull: true };

    /// <summary>Ends a request that <see cref="FailureSwitch.BeginRequest"/> began.</summary>
    public void EndRequest()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _lane.Dispose();
            LeaveAsVisitor();
            _drained(this);
        }
    }

    /// <summary>Ends a request that <see cref="FailureSwitch.BeginVisit"/> began.</summary>
    public void EndVisit()
    {
        if (SeparatesVisitors)
        {
            LeaveAsVisitor();
        }
        else
        {
            EndRequest();
        }
    }

    internal void Retire()
    {
        _lane.Retire();
        EndRequest();
    }

    /// <summary>Begins a request, and with the first one the jobs. False once the last request has ended.</summary>
    internal bool TryBeginRequest()
    {
        if (!TryJoin(ref _users))
        {
            return false;
        }

        if (_lane.HasJobs && Volatile.Read(ref _begunAt) == NotBegun)
        {
            BeginJobs();
        }

        return true;
    }

    /// <inheritdoc cref="TryBeginRequest"/>
    internal bool TryBeginVisit() => SeparatesVisitors ? TryJoin(ref _visitors) : TryBeginRequest();

    private static bool TryJoin(ref int members)
    {
        while (Volatile.Read(ref members) is > 0 and var seen)
        {
            if (Interlocked.CompareExchange(ref members, seen + 1, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }

    private void LeaveAsVisitor()
    {
        if (Interlocked.Decrement(ref _visitors) == 0)
        {
            _visitorLane?.Dispose();
        }
    }

    // The clock of the jobs starts with the first request, so that the same requests meet the same bursts.
    private void BeginJobs()
    {
        var now = _time.GetTimestamp();
        if (Interlocked.CompareExchange(ref _begunAt, now, NotBegun) == NotBegun)
        {
            _lane.BeginJobs(now);
        }
    }

    // The export takes as many connections as in the other lane, so that visitors fail when other requests do.
    private ProfileLane OpenVisitorLane()
    {
        var lane = ProfileLane.Open(Traits, Traits[SmallPoolFault.ExportLeases] + VisitorConnections, _store, _time, isForVisitors: true);
        var begunAt = Volatile.Read(ref _begunAt);
        lane.BeginJobs(begunAt == NotBegun ? _time.GetTimestamp() : begunAt);
        return lane;
    }
}
