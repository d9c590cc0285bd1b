using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>Stores profiles. The store opens connections and reads over them; the domain leases them.</summary>
public interface IProfileStore
{
    /// <param name="reading">What statements on the connection cost.</param>
    DbConnection Open(ProfileReading reading);

    /// <summary>Reads a profile with its last activity, by index.</summary>
    Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken);

    /// <summary>Reads a profile with its last activity. Ignores the case of the activity's key, so that no index can be used.</summary>
    Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken);

    /// <summary>Reads a profile with its last activity, found among its most recent rows. Reads each row by its id.</summary>
    /// <returns>Null for an unknown user.</returns>
    Task<UserProfile?> FindByRecentActivityAsync(DbConnection connection, int userId, CancellationToken cancellationToken);

    /// <summary>Adds rows of old activity, in total at most <see cref="ActivityImport.MaxRows"/>. They change no profile.</summary>
    /// <returns>The number of added rows; less than <paramref name="rows"/> at the limit.</returns>
    /// <exception cref="DbException">No row was added.</exception>
    Task<int> AppendActivityAsync(DbConnection connection, int rows, CancellationToken cancellationToken);

    /// <summary>Removes the rows added by <see cref="AppendActivityAsync"/>.</summary>
    Task RemoveAppendedAsync(CancellationToken cancellationToken);
}
