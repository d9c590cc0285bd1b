using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Failures;

/// <summary>
/// One set of traits in force, with a connection pool and a cache of its own. A request enters the current deployment once, at
/// its start, and lives by it to its end; a replaced deployment lasts until the last of its requests has left.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Its users are counted; the last to leave releases what it owns.")]
public sealed class Deployment
{
    private readonly MemoryCache? _cache;
    private readonly MemoryCache? _visitorCache;
    private readonly ConnectionPool _pool;
    private readonly ActivityExport? _export;
    private readonly ActivityImport? _import;
    private readonly Action<Deployment> _drained;

    // The switch counts as one more user until it has replaced the deployment.
    private int _users = 1;
    private int _begun;

    internal Deployment(
        DeploymentPlan plan,
        long number,
        IProfileStore store,
        FaultTimings timings,
        TimeProvider time,
        Action<Deployment> drained)
    {
        var traits = plan.Traits;
        Traits = traits;
        Number = number;
        Label = plan.Label;
        Release = plan.Release;
        Scenario = plan.Scenario;
        IsBlind = plan.IsBlind;
        Since = time.GetUtcNow();
        _drained = drained;
        _pool = new ConnectionPool(traits.PoolLimit, traits.PoolTimeout, () => store.Open(traits.ScanRowCost), time);
        _cache = NewCache();
        _visitorCache = NewCache();
        Profiles = Read(_cache);
        VisitorProfiles = Read(_visitorCache);

        if (traits.ImportRate > 0)
        {
            _import = new ActivityImport(_pool, store, traits.ImportRate, time);
        }

        if (traits.Contention.Leases > 0)
        {
            _export = new ActivityExport(_pool, traits.Contention.Leases, time);
            if (!traits.Contention.InBursts)
            {
                HoldOrClose(_export);
            }
        }

        MemoryCache? NewCache() => traits.CacheEnabled
            ? new MemoryCache(new MemoryCacheOptions { SizeLimit = ProfileService.CacheSizeLimit, Clock = new CacheClock(time) })
            : null;

        ProfileService Read(MemoryCache? cache) => new(
            store,
            _pool,
            cache,
            traits.CacheLifetime,
            ignoreCase: traits.FullScan,
            deadline: traits.InjectTimeouts ? timings.InjectedDeadline : null,
            time);
    }

    /// <summary>What is in force.</summary>
    public Traits Traits { get; }

    /// <summary>From 1, one more with each that is published: what it is told apart by, since a clock can be set back.</summary>
    public long Number { get; }

    /// <summary>The name of the mode it stands for; null where it stands for none.</summary>
    public string? Label { get; }

    /// <summary>The version that its signals carry.</summary>
    public string Release { get; }

    /// <inheritdoc cref="DeploymentPlan.Scenario"/>
    public string Scenario { get; }

    /// <inheritdoc cref="DeploymentPlan.IsBlind"/>
    public bool IsBlind { get; }

    /// <summary>When it was published, UTC.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Reads profiles as these traits have it.</summary>
    public ProfileService Profiles { get; }

    /// <summary>The same over a cache of its own: what somebody reads beside a load makes the load's reads no faster.</summary>
    public ProfileService VisitorProfiles { get; }

    /// <summary>Its connection pool now.</summary>
    public PoolStatus Pool => _pool.Status;

    /// <summary>How far its export has come; null where there is none.</summary>
    public ExportStatus? Export => _export?.Status;

    /// <summary>Whether its import has ended because the table is at <see cref="ActivityImport.MaxRows"/>.</summary>
    public bool IsImportFull => _import is { IsFull: true };

    /// <summary>Ends the use that <see cref="FailureSwitch.Enter"/> began.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) != 0)
        {
            return;
        }

        _export?.Dispose();
        _import?.Dispose();
        _pool.Dispose();
        _cache?.Dispose();
        _visitorCache?.Dispose();
        _drained(this);
    }

    /// <summary>Another deployment has replaced it: it adds no more rows, however long its last requests take.</summary>
    internal void Retire()
    {
        _import?.Dispose();
        Leave();
    }

    /// <summary>Begins a use, unless the last one has ended.</summary>
    internal bool TryEnter()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);

        if ((_import is not null || Traits.Contention.InBursts) && Interlocked.Exchange(ref _begun, 1) == 0)
        {
            BeginJobs();
        }

        return true;
    }

    // They count from the first request, so that the same requests meet the same bursts however late they come.
    private void BeginJobs()
    {
        // Apart from the request that happens to be the first: the jobs are no part of its trace.
        using var apart = ExecutionContext.SuppressFlow();
        if (_export is not null && Traits.Contention.InBursts)
        {
            _ = _export.RunBurstsAsync(Traits.Contention.Free, Traits.Contention.Held);
        }

        _ = _import?.RunAsync();
    }

    // A deployment that cannot have its leases is never published, so nobody else would close what it opened.
    private void HoldOrClose(ActivityExport export)
    {
        try
        {
            export.Hold();
        }
        catch
        {
            export.Dispose();
            _pool.Dispose();
            _cache?.Dispose();
            throw;
        }
    }

    private sealed class CacheClock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
