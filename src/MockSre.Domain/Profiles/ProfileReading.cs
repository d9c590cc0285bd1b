using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>Reads a profile over a connection; null for an unknown user.</summary>
public delegate Task<UserProfile?> ProfileQuery(DbConnection connection, int userId, CancellationToken cancellationToken);

public sealed record ProfileReading
{
    /// <summary>How long a profile stays in the cache; null for no cache.</summary>
    public TimeSpan? CacheLifetime { get; init; }

    /// <summary>Connections at once, at least 1.</summary>
    public int Connections { get; init; } = 1;

    public TimeSpan ConnectionTimeout { get; init; }
    public Func<IProfileStore, ProfileQuery> Query { get; init; } = store => store.FindAsync;
    public TimeSpan ScanRowCost { get; init; }

    /// <summary>What a query pays for its way to the database and back.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>How long a request runs before it is given up; null for no limit.</summary>
    public TimeSpan? Deadline { get; init; }
}
