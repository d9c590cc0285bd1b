using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>Where profiles are kept. The domain leases the connections; the store opens them and reads through them.</summary>
public interface IProfileStore
{
    /// <summary>Opens a connection of its own, for the pool to keep.</summary>
    DbConnection Open();

    /// <summary>Reads a profile, its last activity found by index.</summary>
    /// <returns>Null for an unknown user.</returns>
    Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken);

    /// <summary>Reads a profile, its last activity matched by key whatever the key's case: no index serves that.</summary>
    /// <returns>Null for an unknown user.</returns>
    Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken);
}
