using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>Migrates tables, one process at a time. Our lock shows that EF's own lock row is stale; EF would wait for it forever.</summary>
internal sealed class DatabasePreparation(SqliteLocation location, DatabaseLock fileLock)
{
    /// <summary>Keeps EF from comparing model and migrations at each start, which takes longer than to migrate. A test does.</summary>
    public static void ModelIsTested(WarningsConfigurationBuilder warnings) =>
        warnings.Ignore(RelationalEventId.PendingModelChangesWarning);

    // The wait for another process that holds the lock.
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(10);

    // The longest preparation.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Migrates and fills the tables. Does nothing if another process holds the lock and the tables are ready.</summary>
    /// <param name="isReady">Whether migrated tables are also filled.</param>
    /// <param name="fill">Fills the tables. Called under the lock.</param>
    /// <returns>What DATABASE_URL would have to name; null if the database is usable.</returns>
    public async Task<string?> RunAsync(DbContext context, Func<Task<bool>> isReady, Func<CancellationToken, Task> fill)
    {
        try
        {
            using var held = await TakeLockAsync(context, isReady);
            if (held is null)
            {
                return null;
            }

            using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
            if (!location.IsInMemory)
            {
                // With a write-ahead log, readers and a writer do not block each other.
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", limit.Token);
            }

            if ((await context.Database.GetPendingMigrationsAsync(limit.Token)).Any())
            {
                // EF creates its lock's table again.
                await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", limit.Token);
                await context.Database.MigrateAsync(limit.Token);
            }

            await fill(limit.Token);
            return null;
        }
        catch (SqliteException e)
        {
            return SqliteLocation.Explain(e);
        }
        catch (UnauthorizedAccessException)
        {
            return "a file with a .lock file beside it that may be written";
        }
        catch (TimeoutException)
        {
            return "a database on which no other service plays a run or prepares tables: close that run, or stop that service";
        }
        catch (OperationCanceledException)
        {
            return "a database that no other program changes meanwhile";
        }
    }

    private async Task<IDisposable?> TakeLockAsync(DbContext context, Func<Task<bool>> isReady)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (fileLock.TryTake() is { } held)
            {
                return held;
            }

            if (await IsUpToDateAsync(context) && await isReady())
            {
                return null;
            }

            // Thrown before the pause: a process that was suspended during it tries once more.
            if (TimeProvider.System.GetElapsedTime(begun) >= LockLimit)
            {
                throw new TimeoutException();
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static async Task<bool> IsUpToDateAsync(DbContext context)
    {
        try
        {
            return !(await context.Database.GetPendingMigrationsAsync()).Any();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            // The other process is migrating.
            return false;
        }
    }
}
