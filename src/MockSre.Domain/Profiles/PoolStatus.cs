namespace MockSre.Domain.Profiles;

/// <summary>A connection pool at one moment.</summary>
/// <param name="Waiting">Callers in the queue.</param>
/// <param name="Timeouts">Callers who gave up waiting since the pool was made.</param>
/// <param name="LongestHeld">The oldest lease; null when none is out.</param>
public readonly record struct PoolStatus(int Limit, int InUse, int Waiting, long Timeouts, HeldLease? LongestHeld);

/// <summary>A lease that is out.</summary>
/// <param name="Owner">Who holds it.</param>
/// <param name="Held">For how long.</param>
public readonly record struct HeldLease(string Owner, TimeSpan Held);
