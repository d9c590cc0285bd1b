using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>The database behind <c>DATABASE_URL</c>: looks whether it can be used, brings it up to date, opens connections.</summary>
internal sealed class ProfileDatabase : IDisposable
{
    /// <summary>A table that every database of profiles has.</summary>
    public const string Table = "profile_activity";

    private readonly SqliteLocation _location;
    private readonly TimeProvider _time;
    private readonly DatabaseLock _lock;
    private ProfileConnection? _keepAlive;

    public ProfileDatabase(DatabaseUrl url, TimeProvider time)
    {
        _location = new SqliteLocation(url);
        _time = time;
        _lock = new DatabaseLock(url);
    }

    /// <summary>
    /// Creates or updates the tables, fills them if they are not as seeded, and removes the imported rows of a run that its process did not
    /// outlive. Rows of a run that another process plays stay.
    /// </summary>
    /// <param name="reseed">Fills them in any case; refused while another process plays a run.</param>
    /// <returns>What the database would have to be; null if it can be used.</returns>
    public async Task<string?> PrepareAsync(bool reseed)
    {
        try
        {
            _keepAlive ??= Open(SqliteOpenMode.ReadWriteCreate);
        }
        catch (SqliteException e)
        {
            return SqliteLocation.Explain(e);
        }

        await using var context = _keepAlive.CreateContext();
        var seeder = new ProfileSeeder(context);
        return await new DatabasePreparation(_location, _lock).RunAsync(
            context,
            async () => !reseed && await seeder.IsSeededAsync(CancellationToken.None),
            async cancellationToken =>
            {
                await RemoveImportedAsync(context, cancellationToken);
                await seeder.SeedAsync(reseed, cancellationToken);
            });
    }

    /// <summary>Removes the imported rows, and gives their space back to the file system as soon as no reader is in the way.</summary>
    /// <exception cref="SqliteException">It could not be done; nothing has changed.</exception>
    public async Task RemoveImportedAsync(ProfileDbContext context, CancellationToken cancellationToken)
    {
        var removed = await new ProfileSeeder(context).RemoveImportedAsync(cancellationToken);
        if (!_location.IsInMemory)
        {
            await ShrinkAsync(context, vacuum: removed, cancellationToken);
        }
    }

    // Neither statement waits for readers: they go on with what they see, and the file is cut when the last of them has ended.
    private static async Task ShrinkAsync(ProfileDbContext context, bool vacuum, CancellationToken cancellationToken)
    {
        try
        {
            if (vacuum)
            {
                await context.Database.ExecuteSqlRawAsync("VACUUM", cancellationToken);
            }

            await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL)
        {
            // The rows are gone; the space comes back with a later removal.
        }
    }

    /// <summary>Opens a connection of its own to the database that was prepared; a file that was deleted since is not made anew, empty.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <param name="reading">What statements on it cost; nothing unless given.</param>
    public ProfileConnection Open(ProfileReading? reading = null) => Open(SqliteOpenMode.ReadWrite, reading);

    private ProfileConnection Open(SqliteOpenMode mode, ProfileReading? reading = null)
    {
        var connection = new ProfileConnection(_location.ConnectionString(mode), reading ?? new ProfileReading(), _time);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _keepAlive?.Dispose();
        _lock.Dispose();
    }
}
