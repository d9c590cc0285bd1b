using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>Reads profiles through EF Core.</summary>
/// <param name="maxAppended">Most appended rows until they are removed.</param>
internal sealed class ProfileStore(ProfileDatabase database, int maxAppended = ActivityImport.MaxRows) : IProfileStore, IDisposable
{
    /// <summary>Rows that count as recent activity of a user.</summary>
    private const int RecentRows = 100;

    // Held while rows are added or removed, so that a stopped import adds none after the removal.
    private readonly SemaphoreSlim _appending = new(1);
    private int _appended;

    public DbConnection Open(ProfileReading reading) => database.Open(reading);

    public async Task<int> AppendActivityAsync(DbConnection connection, int rows, CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken);
        try
        {
            var added = Math.Min(rows, maxAppended - _appended);
            await using var context = ((ProfileConnection)connection).CreateContext();
            await new ProfileSeeder(context).ImportAsync(added, cancellationToken);
            _appended += added;
            return added;
        }
        finally
        {
            _appending.Release();
        }
    }

    public async Task RemoveAppendedAsync(CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken);
        try
        {
            await using var connection = database.Open();
            await using var context = connection.CreateContext();
            await database.RemoveImportedAsync(context, cancellationToken);
            _appended = 0;
        }
        finally
        {
            _appending.Release();
        }
    }

    public void Dispose() => _appending.Dispose();

    public Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken) => ReadAsync(
        connection, userId,
        (context, key) => NewestAsync(context.Activities.Where(activity => activity.UserKey == key), cancellationToken),
        cancellationToken);

    public Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken) => ReadAsync(
        connection, userId,
        (context, key) => NewestAsync(
            context.Activities.Where(activity => ProfileDbContext.FoldKey(activity.UserKey) == key), cancellationToken),
        cancellationToken);

    public Task<UserProfile?> FindByRecentActivityAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
        ReadAsync(connection, userId, (context, key) => NewestOfRecentAsync(context, key, cancellationToken), cancellationToken);

    private static async Task<UserProfile?> ReadAsync(
        DbConnection connection,
        int userId,
        Func<ProfileDbContext, string, Task<ProfileActivity?>> findLastActivity,
        CancellationToken cancellationToken)
    {
        var profiles = (ProfileConnection)connection;
        profiles.BeginRead();

        // SQLite blocks the caller's thread and ignores the token, so only an interrupt ends a read early. Disposing of the
        // registration waits for a running interrupt, so that it cannot hit the next user of the connection.
        using var interrupt = cancellationToken.UnsafeRegister(state => ((ProfileConnection)state!).Interrupt(), profiles);
        try
        {
            await using var context = profiles.CreateContext();
            var row = await context.Profiles.FirstOrDefaultAsync(profile => profile.UserId == userId, cancellationToken);
            if (row is null)
            {
                return null;
            }

            return new UserProfile(
                row.UserId, row.Username, row.DisplayName, row.Email, row.Plan, Utc(row.JoinedAt),
                await findLastActivity(context, row.UserKey));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async Task<ProfileActivity?> NewestAsync(IQueryable<ActivityRow> activities, CancellationToken cancellationToken)
    {
        var newest = await activities
            .OrderByDescending(activity => activity.OccurredAt)
            .Select(activity => new { activity.Kind, activity.OccurredAt })
            .FirstOrDefaultAsync(cancellationToken);
        return newest is null ? null : new ProfileActivity(newest.Kind, Utc(newest.OccurredAt));
    }

    private static async Task<ProfileActivity?> NewestOfRecentAsync(
        ProfileDbContext context, string key, CancellationToken cancellationToken)
    {
        var recent = await context.Activities
            .Where(activity => activity.UserKey == key)
            .OrderByDescending(activity => activity.OccurredAt)
            .Select(activity => activity.ActivityId)
            .Take(RecentRows)
            .ToListAsync(cancellationToken);
        ProfileActivity? newest = null;
        foreach (var id in recent)
        {
            var row = await context.Activities.FirstAsync(activity => activity.ActivityId == id, cancellationToken);
            var activity = new ProfileActivity(row.Kind, Utc(row.OccurredAt));
            newest = newest is null || activity.OccurredAt > newest.OccurredAt ? activity : newest;
        }

        return newest;
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
