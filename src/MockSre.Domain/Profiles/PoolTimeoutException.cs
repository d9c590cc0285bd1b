namespace MockSre.Domain.Profiles;

/// <summary>No database connection became free in time.</summary>
public sealed class PoolTimeoutException(TimeSpan waited, PoolStatus status)
    : ProfileTimeoutException("No database connection became free in time")
{
    /// <summary>How long the caller was willing to wait.</summary>
    public TimeSpan Waited => waited;

    /// <summary>The pool at the moment the wait ended, the caller still among those waiting.</summary>
    public PoolStatus Status => status;

    public override string Details => string.Create(
        CultureInfo.InvariantCulture,
        $"No database connection became free within {waited.TotalMilliseconds:N0} ms "
        + $"({status.InUse} of {status.Limit} in use, {status.Waiting} waiting)");
}
