namespace MockSre.Domain.Faults;

/// <summary>A named preset of <see cref="Traits"/>.</summary>
public enum FailureMode
{
    /// <summary>Everything as configured.</summary>
    None,

    /// <summary>No cache: every request reads the database.</summary>
    CacheOff,

    /// <summary>No cache, and the read scans the whole activity table.</summary>
    SlowQuery,

    /// <summary>No cache, and another job holds every connection of a small pool.</summary>
    PoolSaturation,

    /// <summary>Incident B: no cache, the scan, and a small pool that another job takes in bursts.</summary>
    Combined,
}
