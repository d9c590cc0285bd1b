using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>Where profiles are kept. The domain leases the connections; the store opens them and reads through them.</summary>
public interface IProfileStore
{
    /// <summary>Opens a connection of its own, for the pool to keep.</summary>
    /// <param name="reading">What statements on the connection cost.</param>
    DbConnection Open(ProfileReading reading);

    /// <summary>Reads a profile, its last activity found by index.</summary>
    /// <returns>Null for an unknown user.</returns>
    Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken);

    /// <summary>Reads a profile, its last activity matched by key whatever the key's case: no index serves that.</summary>
    /// <returns>Null for an unknown user.</returns>
    Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds rows of old activity, which change no profile: at most <see cref="ActivityImport.MaxRows"/> until they are removed.
    /// </summary>
    /// <returns>How many were added; fewer than asked for once that limit is reached.</returns>
    /// <exception cref="DbException">They could not be added, none of them.</exception>
    Task<int> AppendActivityAsync(DbConnection connection, int rows, CancellationToken cancellationToken);

    /// <summary>Takes back every row that <see cref="AppendActivityAsync"/> has added.</summary>
    Task RemoveAppendedAsync(CancellationToken cancellationToken);
}
