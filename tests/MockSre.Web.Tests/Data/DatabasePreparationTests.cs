using System.Globalization;
using Microsoft.Data.Sqlite;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Settings;
using MockSre.Web.Data;
using MockSre.Web.Incidents;
using MockSre.Web.Tests.WebConsole;

namespace MockSre.Web.Tests.Data;

/// <summary>Starts on databases that a killed process or another process left behind.</summary>
public sealed class DatabasePreparationTests : IDisposable
{
    private const string LeftLock =
        """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
        INSERT OR REPLACE INTO "__EFMigrationsLock" VALUES (1, '2026-11-27 10:28:53');
        """;

    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-test");

    private DatabaseUrl Profiles => new(Path.Combine(_directory.FullName, "app.db"));

    private DatabaseUrl Incidents => new(Path.Combine(_directory.FullName, "incidents.db"));

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData(LeftLock)]
    [InlineData("PRAGMA journal_mode = WAL;" + LeftLock)]
    public async Task Prepare_FirstStartWasKilled_MakesTheTables(string left)
    {
        Execute(Profiles, left);
        Execute(Incidents, left);

        await PrepareAsync();

        Assert.Equal(ProfileSeeder.ActivityRows, Count("profile_activity"));
        using var store = new IncidentStore(Incidents, TimeProvider.System);
        Assert.Empty(await store.ListAsync());
    }

    [Fact]
    public async Task Prepare_LockRowLeftAndNothingPending_KeepsTheRuns()
    {
        await PrepareAsync();
        await KeepRunAsync();
        Execute(Profiles, LeftLock);
        Execute(Incidents, LeftLock);

        await PrepareAsync();

        using var store = new IncidentStore(Incidents, TimeProvider.System);
        Assert.Equal("a", Assert.Single(await store.ListAsync()).Id);
    }

    [Fact]
    public async Task Prepare_UpdateWasKilled_KeepsTheRowsAndEndsTheUpdate()
    {
        await PrepareAsync();
        Execute(
            Profiles,
            LeftLock
            + "DROP INDEX IX_profile_activity_user_key_occurred_at;"
            + "DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_IndexActivity';"
            + "INSERT INTO profile_activity (user_key, kind, occurred_at) VALUES ('user:1', 'own', '2026-03-12 08:00:00')");

        await PrepareAsync();

        Assert.Equal(ProfileSeeder.ActivityRows + 1, Count("profile_activity"));
        Assert.Equal(1, Count("sqlite_master WHERE name = 'IX_profile_activity_user_key_occurred_at'"));
    }

    [Fact]
    public async Task Prepare_AnotherProcessPlaysARun_LeavesItsRows()
    {
        await PrepareAsync();
        Import();
        using var theirs = new DatabaseLock(Profiles);
        using (theirs.TryTake())
        {
            await PrepareAsync();
            Assert.Equal(ProfileSeeder.ActivityRows + 1, Count("profile_activity"));
        }

        await PrepareAsync();
        Assert.Equal(ProfileSeeder.ActivityRows, Count("profile_activity"));
    }

    [Fact]
    public async Task Prepare_SeedWhileAnotherProcessPlaysARun_IsRefused()
    {
        await PrepareAsync();
        Import();
        using var theirs = new DatabaseLock(Profiles);
        using var held = theirs.TryTake();

        using var database = new ProfileDatabase(Profiles, TimeProvider.System);
        Assert.NotNull(await database.PrepareAsync(reseed: true).WaitAsync(Guard));

        Assert.Equal(ProfileSeeder.ActivityRows + 1, Count("profile_activity"));
    }

    [Fact]
    public async Task Prepare_AnotherProcessPrepares_WaitsForIt()
    {
        using var theirs = new DatabaseLock(Profiles);
        var held = theirs.TryTake()!;
        using var database = new ProfileDatabase(Profiles, TimeProvider.System);
        var preparing = database.PrepareAsync(reseed: false);
        await Task.WhenAny(preparing, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System));
        Assert.False(preparing.IsCompleted);

        held.Dispose();

        Assert.Null(await preparing.WaitAsync(Guard));
        Assert.Equal(ProfileSeeder.ActivityRows, Count("profile_activity"));
    }

    private static void Execute(DatabaseUrl url, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={url.FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task PrepareAsync()
    {
        using var database = new ProfileDatabase(Profiles, TimeProvider.System);
        Assert.Null(await database.PrepareAsync(reseed: false).WaitAsync(Guard));
        using var store = new IncidentStore(Incidents, TimeProvider.System);
        Assert.Null(await store.PrepareAsync().WaitAsync(Guard));
    }

    private async Task KeepRunAsync()
    {
        using var store = new IncidentStore(Incidents, TimeProvider.System);
        var incident = new IncidentRecord("a", Scenarios.IncidentB, DateTimeOffset.UnixEpoch, TimeProvider.System);
        await store.CreateAsync(IncidentHeader.Of(incident, null), incident.Plan);
    }

    private void Import() => Execute(
        Profiles, "INSERT INTO profile_activity (user_key, kind, occurred_at) VALUES ('user:1', 'import', '2025-06-01 00:00:00')");

    private long Count(string table)
    {
        using var connection = new SqliteConnection($"Data Source={Profiles.FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
