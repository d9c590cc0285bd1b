using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>The profile database of <c>DATABASE_URL</c>: prepares its tables and opens connections.</summary>
internal sealed class ProfileDatabase(DatabaseUrl url, TimeProvider time) : IDisposable
{
    /// <summary>A table that identifies a profile database.</summary>
    public const string Table = "profile_activity";

    private readonly SqliteLocation _location = new(url);
    private readonly DatabaseLock _lock = new(url);
    private ProfileConnection? _keepAlive;

    /// <summary>Updates the tables, seeds missing rows, and removes imported rows unless another process still uses them.</summary>
    /// <param name="reseed">Seeds in any case. Refused while another process plays a run.</param>
    /// <returns>What DATABASE_URL would have to name; null if the database is usable.</returns>
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

    /// <summary>Removes imported rows and shrinks the file, unless readers are in the way.</summary>
    /// <exception cref="SqliteException">Nothing was removed.</exception>
    public async Task RemoveImportedAsync(ProfileDbContext context, CancellationToken cancellationToken)
    {
        var removed = await new ProfileSeeder(context).RemoveImportedAsync(cancellationToken);
        if (!_location.IsInMemory)
        {
            await ShrinkAsync(context, vacuum: removed, cancellationToken);
        }
    }

    // Neither statement waits for readers. The file shrinks when the last of them has ended.
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
            // The rows are removed. A later removal shrinks the file.
        }
    }

    /// <summary>Opens a connection to the prepared database. A file that was deleted since then is not created again.</summary>
    /// <exception cref="SqliteException">The database cannot be opened.</exception>
    /// <param name="reading">The cost of statements; null for none.</param>
    public ProfileConnection Open(ProfileReading? reading = null) => Open(SqliteOpenMode.ReadWrite, reading);

    private ProfileConnection Open(SqliteOpenMode mode, ProfileReading? reading = null)
    {
        var connection = new ProfileConnection(_location.ConnectionString(mode), reading ?? new ProfileReading(), time);
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
