namespace MockSre.Domain.Faults;

/// <summary>Durations of the faults. The defaults are those of the incident; tests scale them down.</summary>
public sealed record FaultTimings
{
    public TimeSpan SmallPoolTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the export does not use the pool before each burst.</summary>
    /// <remarks>
    /// With a scan of 2.1 s and a wait of 1 s, no lease ends at the moment at which a waiter gives up. So the same requests get the same
    /// answers, even from clients that are a tenth of a second late.
    /// </remarks>
    public TimeSpan BurstFree { get; init; } = TimeSpan.FromSeconds(3.2);

    public TimeSpan BurstHeld { get; init; } = TimeSpan.FromSeconds(2.7);

    /// <summary>The time that a scan takes for each row: 2.1 s for the 20,000 rows of the seed.</summary>
    public TimeSpan ScanRowCost { get; init; } = TimeSpan.FromMicroseconds(105);

    public TimeSpan InjectedDeadline { get; init; } = TimeSpan.FromMilliseconds(250);
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromSeconds(60);
}
