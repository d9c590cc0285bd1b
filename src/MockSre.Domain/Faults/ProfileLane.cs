using Microsoft.Extensions.Caching.Memory;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Faults;

/// <summary>A way to the profiles with a connection pool, a cache and an export of its own. Requests in one lane do not hold up another.</summary>
internal sealed class ProfileLane : IDisposable
{
    private readonly Contention _contention;
    private readonly MemoryCache? _cache;

    /// <param name="traits">What is in force.</param>
    /// <param name="connections">Connections at once, at least 1.</param>
    /// <param name="store">Where profiles are read from.</param>
    /// <param name="deadline">How long a request runs before it is given up; null for as long as it takes.</param>
    /// <param name="time">The clock of everything in it.</param>
    /// <exception cref="System.Data.Common.DbException">The export cannot open the connections that it holds all the time.</exception>
    public ProfileLane(Traits traits, int connections, IProfileStore store, TimeSpan? deadline, TimeProvider time)
    {
        _contention = traits.Contention;
        Pool = new ConnectionPool(connections, traits.PoolTimeout, () => store.Open(traits.ScanRowCost), time);
        _cache = traits.CacheEnabled
            ? new MemoryCache(new MemoryCacheOptions { SizeLimit = ProfileService.CacheSizeLimit, Clock = new CacheClock(time) })
            : null;
        Profiles = new ProfileService(store, Pool, _cache, traits.CacheLifetime, ignoreCase: traits.FullScan, deadline, time);
        if (_contention.Leases > 0)
        {
            Export = new ActivityExport(Pool, _contention.Leases, time);
            if (!_contention.InBursts)
            {
                HoldOrClose();
            }
        }
    }

    public ConnectionPool Pool { get; }

    public ProfileService Profiles { get; }

    /// <summary>The job that competes for the pool; null where there is none.</summary>
    public ActivityExport? Export { get; }

    /// <summary>Begins the bursts of the export, if it has any.</summary>
    /// <param name="since">The timestamp from which they count.</param>
    public void BeginBursts(long since)
    {
        if (Export is not null && _contention.InBursts)
        {
            // The job is no part of the request that happens to be the first.
            using var apart = ExecutionContext.SuppressFlow();
            _ = Export.RunBurstsAsync(_contention.Free, _contention.Held, since);
        }
    }

    public void Dispose()
    {
        Export?.Dispose();
        Pool.Dispose();
        _cache?.Dispose();
    }

    // A lane that cannot have its leases is never used, so nobody else would close what it opened.
    private void HoldOrClose()
    {
        try
        {
            Export!.Hold();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private sealed class CacheClock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
