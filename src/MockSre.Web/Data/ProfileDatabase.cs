using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Failures;
using MockSre.Domain.Settings;

namespace MockSre.Web.Data;

/// <summary>The database behind <c>DATABASE_URL</c>: looks whether it can be used, brings it up to date, opens connections.</summary>
internal sealed class ProfileDatabase : IDisposable
{
    /// <summary>A table that every database of profiles has.</summary>
    public const string Table = "profile_activity";

    /// <summary>A migration that has not ended by then waits for a lock that nobody will release.</summary>
    private static readonly TimeSpan MigrationLimit = TimeSpan.FromSeconds(20);

    private readonly SqliteLocation _location;
    private readonly FaultTimings _timings;
    private readonly TimeProvider _time;
    private ProfileConnection? _keepAlive;

    public ProfileDatabase(DatabaseUrl url, FaultTimings timings, TimeProvider time)
    {
        _location = new SqliteLocation(url);
        _timings = timings;
        _time = time;
    }

    /// <summary>Creates or updates the tables and fills them if they are not as seeded.</summary>
    /// <param name="reseed">Fills them in any case.</param>
    /// <returns>What the database would have to be; null if it can be used.</returns>
    public async Task<string?> PrepareAsync(bool reseed)
    {
        try
        {
            _keepAlive ??= Open(SqliteOpenMode.ReadWriteCreate);
            await using var context = _keepAlive.CreateContext();
            using var limit = new CancellationTokenSource(MigrationLimit, _time);
            await context.Database.MigrateAsync(limit.Token);
            if (!_location.IsInMemory)
            {
                // Readers and a writer then do not wait for each other.
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", limit.Token);
            }

            var seeder = new ProfileSeeder(context);
            await seeder.SeedAsync(reseed, limit.Token);

            // Left by an incident run that the process did not outlive.
            await seeder.RemoveImportedAsync(limit.Token);
            return null;
        }
        catch (SqliteException e)
        {
            return SqliteLocation.Explain(e);
        }
        catch (OperationCanceledException)
        {
            return "a database that no other process is changing (if none is, delete the file: it is made anew)";
        }
    }

    /// <summary>Opens a connection of its own to the database that was prepared; a file that was deleted since is not made anew, empty.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <param name="scanRowCost">What a scan over it pays for each row; the incident's unless given.</param>
    public ProfileConnection Open(TimeSpan? scanRowCost = null) => Open(SqliteOpenMode.ReadWrite, scanRowCost);

    private ProfileConnection Open(SqliteOpenMode mode, TimeSpan? scanRowCost = null)
    {
        var connection = new ProfileConnection(_location.ConnectionString(mode), scanRowCost ?? _timings.ScanRowCost, _time);
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

    public void Dispose() => _keepAlive?.Dispose();
}
