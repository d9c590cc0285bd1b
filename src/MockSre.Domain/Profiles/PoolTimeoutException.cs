namespace MockSre.Domain.Profiles;

/// <summary>No database connection became free in time.</summary>
public sealed class PoolTimeoutException : ProfileTimeoutException
{
    internal PoolTimeoutException(TimeSpan waited, PoolStatus status)
        : base("No database connection became free in time")
    {
        Waited = waited;
        Status = status;
    }

    /// <summary>How long the caller was willing to wait.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The pool at the moment the wait ended, the caller still among those waiting.</summary>
    public PoolStatus Status { get; }

    public override string Details
    {
        get
        {
            var (ms, pool) = (Waited.TotalMilliseconds, Status);
            return FormattableString.Invariant(
                $"No database connection became free within {ms:N0} ms ({pool.InUse} of {pool.Limit} in use, {pool.Waiting} waiting)");
        }
    }
}
