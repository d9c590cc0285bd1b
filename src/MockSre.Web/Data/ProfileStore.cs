using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Profiles;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>Reads profiles through EF Core.</summary>
/// <param name="maxAppended">Most appended rows until they are removed.</param>
internal sealed class ProfileStore(ProfileDatabase database, int maxAppended = ActivityImport.MaxRows) : IProfileStore, IDisposable
{
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

    public Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
        ReadAsync(connection, userId, (activities, key) => activities.Where(activity => activity.UserKey == key), cancellationToken);

    public Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
        ReadAsync(
            connection,
            userId,
            (activities, key) => activities.Where(activity => ProfileDbContext.FoldKey(activity.UserKey) == key),
            cancellationToken);

    private static async Task<UserProfile?> ReadAsync(
        DbConnection connection, int userId, Func<IQueryable<ActivityRow>, string, IQueryable<ActivityRow>> ofUser,
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

            var last = await ofUser(context.Activities, row.UserKey)
                .OrderByDescending(activity => activity.OccurredAt)
                .Select(activity => new { activity.Kind, activity.OccurredAt })
                .FirstOrDefaultAsync(cancellationToken);
            return new UserProfile(
                row.UserId, row.Username, row.DisplayName, row.Email, row.Plan, Utc(row.JoinedAt),
                last is null ? null : new ProfileActivity(last.Kind, Utc(last.OccurredAt)));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
