using System.Globalization;
using Microsoft.Data.Sqlite;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Web.Data;

namespace MockSre.Web.Tests.Data;

/// <summary>Rows that an import added to a database file.</summary>
public sealed class ImportedRowsTests : IAsyncLifetime, IDisposable
{
    private const int Imported = 200_000;
    private const int MaxBytes = 170_000_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-test");
    private ProfileDatabase _database = null!;
    private ProfileStore _store = null!;

    private string File => Path.Combine(_directory.FullName, "app.db");

    private long Bytes => new FileInfo(File).Length + (new FileInfo(File + "-wal") is { Exists: true } wal ? wal.Length : 0);

    public async Task InitializeAsync()
    {
        _database = new ProfileDatabase(new DatabaseUrl(File), TimeProvider.System);
        Assert.Null(await _database.PrepareAsync(reseed: false));
        _store = new ProfileStore(_database);
        Execute("INSERT INTO profile_activity (user_key, kind, occurred_at) VALUES ('User:1', 'own', '2026-03-12 08:00:00')");
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task RemoveAppended_ManyRows_LeavesTheOthersAndAFileAsSmallAsBefore()
    {
        var (rows, bytes) = (Rows(), Bytes);
        await ImportAsync();
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var grown = Bytes;

        await _store.RemoveAppendedAsync(CancellationToken.None);

        Assert.Equal(rows, Rows());
        Assert.Equal(ProfileSeeder.ActivityRows + 1L, Number("SELECT seq FROM sqlite_sequence WHERE name = 'profile_activity'"));
        Assert.InRange(Bytes, 0, bytes * 11 / 10);
        Assert.InRange((grown - bytes) * (ActivityImport.MaxRows / Imported), MaxBytes * 9 / 10, MaxBytes);
    }

    [Fact]
    public async Task RemoveAppended_ReaderInTheMiddle_WaitsForNoneAndShrinksOnceItHasEnded()
    {
        await ImportAsync();
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var grown = Bytes;
        using (var connection = Open())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT activity_id FROM profile_activity";
            using var reader = command.ExecuteReader();
            Assert.True(reader.Read());

            await _store.RemoveAppendedAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

            var read = 1;
            while (reader.Read())
            {
                read++;
            }

            Assert.Equal(ProfileSeeder.ActivityRows + 1 + Imported, read);
        }

        await _store.RemoveAppendedAsync(CancellationToken.None);
        Assert.InRange(Bytes, 0, grown / 4);
    }

    [Fact]
    public async Task AppendActivity_MoreThanTheLimit_AddsWhatIsLeftOfIt()
    {
        using var store = new ProfileStore(_database, maxAppended: 107);
        using var connection = store.Open(new ProfileReading());
        var added = await store.AppendActivityAsync(connection, 100, CancellationToken.None);
        var last = await store.AppendActivityAsync(connection, 100, CancellationToken.None);
        var none = await store.AppendActivityAsync(connection, 100, CancellationToken.None);
        await store.RemoveAppendedAsync(CancellationToken.None);
        var again = await store.AppendActivityAsync(connection, 100, CancellationToken.None);

        Assert.Equal((100, 7, 0, 100), (added, last, none, again));
    }

    private async Task ImportAsync()
    {
        using var connection = _store.Open(new ProfileReading());
        Assert.Equal(Imported, await _store.AppendActivityAsync(connection, Imported, CancellationToken.None));
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    // The whole table as one text.
    private string Rows()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT group_concat(activity_id || user_key || kind || occurred_at, char(10))
            FROM (SELECT * FROM profile_activity ORDER BY activity_id)
            """;
        return (string)command.ExecuteScalar()!;
    }
}
