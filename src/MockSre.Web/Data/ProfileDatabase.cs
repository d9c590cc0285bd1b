using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Failures;
using MockSre.Domain.Settings;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>The database behind <c>DATABASE_URL</c>: looks whether it can be used, brings it up to date, opens connections.</summary>
internal sealed class ProfileDatabase : IDisposable
{
    private const string Damaged = "a SQLite database that is whole; the file is damaged";

    /// <summary>How long another process may keep the file locked.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(5);

    /// <summary>A migration that has not ended by then waits for a lock that nobody will release.</summary>
    private static readonly TimeSpan MigrationLimit = TimeSpan.FromSeconds(20);

    private readonly DatabaseUrl _url;
    private readonly string _memoryName;
    private readonly FaultTimings _timings;
    private readonly TimeProvider _time;
    private ProfileConnection? _keepAlive;

    public ProfileDatabase(DatabaseUrl url, FaultTimings timings, TimeProvider time)
    {
        _url = url;
        _memoryName = $"file:/mocksre-{Guid.NewGuid():N}?vfs=memdb";
        _timings = timings;
        _time = time;
    }

    /// <summary>Says, without changing anything, what a database that cannot be used would have to be; null if it seems it can be used.</summary>
    public static string? FindProblem(DatabaseUrl url)
    {
        if (url.FilePath is null)
        {
            return null;
        }

        var path = Path.GetFullPath(url.FilePath);
        if (!File.Exists(path))
        {
            // It will be made, where there is a place for it.
            return Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)) ? "a file in a directory that exists" : null;
        }

        try
        {
            using var connection = new SqliteConnection(ConnectionString(path, SqliteOpenMode.ReadWrite));
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            if (check.ExecuteScalar() is not "ok")
            {
                return Damaged;
            }

            using var tables = connection.CreateCommand();
            tables.CommandText = """
                SELECT count(*) > 0 AND sum(name = 'profile_activity') = 0 FROM sqlite_master
                WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\_\_EF%' ESCAPE '\'
                """;
            return tables.ExecuteScalar() is 1L ? "a database made by this service, not by another program" : null;
        }
        catch (SqliteException e)
        {
            return Explain(e);
        }
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
            if (!_url.IsInMemory)
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
            return Explain(e);
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
        var source = _url.FilePath is null ? _memoryName : Path.GetFullPath(_url.FilePath);
        var connection = new ProfileConnection(ConnectionString(source, mode), scanRowCost ?? _timings.ScanRowCost, _time);
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

    // In memory means the memdb VFS under a name of its own: shared-cache mode makes readers wait for each other, and one
    // connection cannot be shared. The pool is ours, so the provider's is off.
    private static string ConnectionString(string source, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = (int)LockLimit.TotalSeconds,
    }.ToString();

    private static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "a SQLite database; the file is something else",
        raw.SQLITE_CORRUPT => Damaged,
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY => "a file that may be opened and written",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "a database that no other process has locked",
        _ => $"a SQLite database that can be used (SQLite error {e.SqliteErrorCode})",
    };
}
