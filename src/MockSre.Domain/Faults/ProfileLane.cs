using Microsoft.Extensions.Caching.Memory;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Faults;

/// <summary>A connection pool, a cache and background jobs of their own. Requests in one lane do not delay those in another.</summary>
internal sealed class ProfileLane : IDisposable
{
    private readonly MemoryCache? _cache;
    private readonly List<IBackgroundJob> _jobs;

    private ProfileLane(TraitSet traits, ProfileReading reading, IProfileStore store, TimeProvider time, bool isForVisitors)
    {
        Pool = new ConnectionPool(reading.Connections, reading.ConnectionTimeout, () => store.Open(reading), time);
        _cache = reading.CacheLifetime is null
            ? null
            : new MemoryCache(new MemoryCacheOptions { SizeLimit = ProfileService.CacheSizeLimit, Clock = new CacheClock(time) });
        Profiles = new ProfileService(reading.Query(store), Pool, _cache, reading.CacheLifetime, reading.Deadline, time);
        var site = new JobSite(Pool, store, time, isForVisitors);
        _jobs = [.. FaultCatalog.All.Select(fault => fault.CreateJob(traits, site)).OfType<IBackgroundJob>()];
    }

    public ConnectionPool Pool { get; }
    public ProfileService Profiles { get; }
    public bool HasJobs => _jobs.Count > 0;

    /// <param name="maxConnections">The most connections at once, at least 1.</param>
    /// <exception cref="System.Data.Common.DbException">A job cannot open the connections that it holds all the time.</exception>
    public static ProfileLane Open(TraitSet traits, int maxConnections, IProfileStore store, TimeProvider time, bool isForVisitors)
    {
        var reading = FaultCatalog.All.Aggregate(new ProfileReading(), (reading, fault) => fault.Shape(reading, traits));
        reading = reading with { Connections = Math.Min(reading.Connections, maxConnections) };
        var lane = new ProfileLane(traits, reading, store, time, isForVisitors);
        try
        {
            lane._jobs.ForEach(job => job.Prepare());
            return lane;
        }
        catch
        {
            lane.Dispose();
            throw;
        }
    }

    public TJob? Job<TJob>()
        where TJob : class, IBackgroundJob => _jobs.OfType<TJob>().FirstOrDefault();

    /// <param name="since">The timestamp at which the jobs' clock starts.</param>
    public void BeginJobs(long since)
    {
        // Keeps the jobs out of the trace of the first request.
        using var apart = ExecutionContext.SuppressFlow();
        _jobs.ForEach(job => job.Begin(since));
    }

    public void Retire() => _jobs.ForEach(job => job.Retire());

    public void Dispose()
    {
        _jobs.ForEach(job => job.Dispose());
        Pool.Dispose();
        _cache?.Dispose();
    }

    private sealed class CacheClock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
