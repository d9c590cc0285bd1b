namespace MockSre.Domain.Profiles;

/// <param name="Timeouts">Callers who gave up waiting since the pool was made.</param>
/// <param name="LongestHeld">The oldest lease; null when none is out.</param>
public readonly record struct PoolStatus(int Limit, int InUse, int Waiting, long Timeouts, HeldLease? LongestHeld);

public readonly record struct HeldLease(string Owner, TimeSpan Held);
