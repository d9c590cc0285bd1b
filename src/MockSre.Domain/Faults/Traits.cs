namespace MockSre.Domain.Faults;

/// <summary>Everything that can differ between two deployments. Modes are presets of these; nothing else reaches the profile path.</summary>
/// <param name="CacheEnabled">Whether profiles are kept in memory between requests.</param>
/// <param name="CacheLifetime">How long a profile stays there.</param>
/// <param name="FullScan">Whether the last activity is found by scanning its whole table instead of by index.</param>
/// <param name="PoolLimit">Database connections at once, at least 1.</param>
/// <param name="PoolTimeout">How long a request waits for a connection.</param>
/// <param name="Contention">What another job takes from the same pool.</param>
/// <param name="InjectTimeouts">Whether every profile request misses its deadline.</param>
/// <param name="ScanRowCost">What a scan pays for each row it visits.</param>
/// <param name="ImportRate">Rows a second that the import of activity adds to the table; 0 for no import.</param>
public sealed record Traits(
    bool CacheEnabled,
    TimeSpan CacheLifetime,
    bool FullScan,
    int PoolLimit,
    TimeSpan PoolTimeout,
    Contention Contention,
    bool InjectTimeouts,
    TimeSpan ScanRowCost,
    int ImportRate = 0)
{
    /// <summary>Whether anything is as it should not be: no cache, a scan, injected timeouts, or another job that can take every connection.</summary>
    public bool AreFaulty => !CacheEnabled || FullScan || InjectTimeouts || Contention.Leases >= PoolLimit;
}
