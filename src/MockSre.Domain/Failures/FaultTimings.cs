namespace MockSre.Domain.Failures;

/// <summary>How long the faults take. The defaults are the incident's; tests scale them down.</summary>
public sealed record FaultTimings
{
    /// <summary>How long a request waits for one of the two connections of the small pool.</summary>
    public TimeSpan SmallPoolTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the bursting job leaves the pool alone.</summary>
    /// <remarks>
    /// With a scan of 2 s and a wait of 1 s, no instant of the cycle of 3.2 and 2.7 s falls on a whole second, so that
    /// requests one after the other never tie with it.
    /// </remarks>
    public TimeSpan BurstFree { get; init; } = TimeSpan.FromSeconds(3.2);

    /// <summary>How long the bursting job then holds its connections.</summary>
    public TimeSpan BurstHeld { get; init; } = TimeSpan.FromSeconds(2.7);

    /// <summary>What the full scan pays for each row it visits: about 2 s for the 20,000 rows that are seeded.</summary>
    public TimeSpan ScanRowCost { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>How long a request runs before an injected timeout ends it.</summary>
    public TimeSpan InjectedDeadline { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a profile stays in the cache.</summary>
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromSeconds(60);
}
