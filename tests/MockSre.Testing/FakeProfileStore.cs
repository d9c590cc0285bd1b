using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using MockSre.Domain.Profiles;

namespace MockSre.Testing;

/// <summary>Ten users in memory. The test decides how long reads take.</summary>
public sealed class FakeProfileStore : IProfileStore
{
    private readonly ConcurrentQueue<FakeConnection> _opened = new();
    private int _lookups;
    private int _scans;
    private int _rowByRow;
    private int _appended;

    /// <summary>Called before each connection is opened. If it throws, opening fails.</summary>
    public Action BeforeOpen { get; set; } = () => { };

    /// <summary>Each read waits for this task.</summary>
    public Func<CancellationToken, Task> Reading { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before rows are added. If it throws, adding fails.</summary>
    public Action BeforeAppend { get; set; } = () => { };

    /// <summary>Rows added and not removed.</summary>
    public int Appended => _appended;

    public IReadOnlyCollection<FakeConnection> Opened => _opened;

    public int Undisposed => _opened.Count(connection => !connection.IsDisposed);

    /// <summary>Reads by index, including those in flight.</summary>
    public int Lookups => _lookups;

    /// <summary>Reads by scan, including those in flight.</summary>
    public int Scans => _scans;

    /// <summary>Reads with one query per row, including those in flight.</summary>
    public int RowByRow => _rowByRow;

    public DbConnection Open(ProfileReading reading)
    {
        BeforeOpen();
        var connection = new FakeConnection();
        _opened.Enqueue(connection);
        return connection;
    }

    public Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
        ReadAsync(ref _lookups, connection, userId, cancellationToken);

    public Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
        ReadAsync(ref _scans, connection, userId, cancellationToken);

    public Task<UserProfile?> FindByRecentActivityAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
        ReadAsync(ref _rowByRow, connection, userId, cancellationToken);

    public Task<int> AppendActivityAsync(DbConnection connection, int rows, CancellationToken cancellationToken)
    {
        BeforeAppend();
        var added = Math.Min(rows, ActivityImport.MaxRows - _appended);
        Interlocked.Add(ref _appended, added);
        return Task.FromResult(added);
    }

    public Task RemoveAppendedAsync(CancellationToken cancellationToken)
    {
        _appended = 0;
        return Task.CompletedTask;
    }

    private Task<UserProfile?> ReadAsync(ref int count, DbConnection connection, int userId, CancellationToken cancellationToken)
    {
        Assert.Equal(ConnectionState.Open, connection.State);

        // The read is counted after its wait has started, so a test that sees the count can advance the clock.
        var reading = Reading(cancellationToken);
        Interlocked.Increment(ref count);
        return AnswerAsync(reading, userId);
    }

    private static async Task<UserProfile?> AnswerAsync(Task reading, int userId)
    {
        await reading.ConfigureAwait(false);
        return userId is >= 1 and <= 10
            ? new UserProfile(userId, $"user{userId}", $"User {userId}", $"user{userId}@example.com", "free", DateTime.UnixEpoch, null)
            : null;
    }
}
