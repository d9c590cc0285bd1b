using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Web.Data;

namespace MockSre.Web.Tests.Data;

public sealed class ProfileStoreTests : IAsyncLifetime, IDisposable
{
    private readonly ProfileDatabase _database = new(DatabaseUrl.InMemory, TimeProvider.System);

    public async Task InitializeAsync() => Assert.Null(await _database.PrepareAsync(reseed: false));

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task FindIgnoringCase_EveryUser_FindsWhatTheIndexFinds()
    {
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading { ScanRowCost = MockSreApp.Scaled.ScanRowCost });

        foreach (var userId in new[] { 1, 10, 11 })
        {
            Assert.Equal(
                await store.FindAsync(connection, userId, CancellationToken.None),
                await store.FindIgnoringCaseAsync(connection, userId, CancellationToken.None));
        }
    }

    [Fact]
    public async Task AppendActivity_RowsOfAnImport_ChangeNoProfileAndCanBeTakenBack()
    {
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading());
        var before = await store.FindAsync(connection, 3, CancellationToken.None);

        await store.AppendActivityAsync(connection, 500, CancellationToken.None);
        await store.AppendActivityAsync(connection, 0, CancellationToken.None);

        Assert.Equal(ProfileSeeder.ActivityRows + 500, Rows());
        Assert.Equal(before, await store.FindAsync(connection, 3, CancellationToken.None));
        Assert.Equal(before, await store.FindIgnoringCaseAsync(connection, 3, CancellationToken.None));

        await store.RemoveAppendedAsync(CancellationToken.None);
        Assert.Equal(ProfileSeeder.ActivityRows, Rows());
    }

    [Fact]
    public async Task Prepare_RowsLeftByAnImport_AreTakenBack()
    {
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading());
        await store.AppendActivityAsync(connection, 7, CancellationToken.None);

        Assert.Null(await _database.PrepareAsync(reseed: false));

        Assert.Equal(ProfileSeeder.ActivityRows, Rows());
    }

    [Fact]
    public void GoodQuery_Plan_SearchesTheIndex()
    {
        var plan = PlanOf(activities => activities.Where(activity => activity.UserKey == "user:1"));

        Assert.Contains("SEARCH", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void BadQuery_Plan_ScansAndSorts()
    {
        var plan = PlanOf(activities => activities.Where(activity => ProfileDbContext.FoldKey(activity.UserKey) == "user:1"));

        Assert.Contains("SCAN", plan, StringComparison.Ordinal);
        Assert.Contains("USE TEMP B-TREE FOR ORDER BY", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindIgnoringCase_WholeTable_PaysForEveryRow()
    {
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading { ScanRowCost = MockSreApp.Scaled.ScanRowCost });
        await store.FindIgnoringCaseAsync(connection, 1, CancellationToken.None); // the first call compiles the query
        var begun = TimeProvider.System.GetTimestamp();

        await store.FindIgnoringCaseAsync(connection, 1, CancellationToken.None);

        // The injected cost is a lower bound. A slow machine takes longer.
        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= 0.95 * ProfileSeeder.ActivityRows * MockSreApp.Scaled.ScanRowCost);
    }

    [Fact]
    public async Task FindByRecentActivity_EveryUser_FindsWhatTheIndexFinds()
    {
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading());
        await store.AppendActivityAsync(connection, 50, CancellationToken.None);

        foreach (var userId in new[] { 1, 10, 11 })
        {
            Assert.Equal(
                await store.FindAsync(connection, userId, CancellationToken.None),
                await store.FindByRecentActivityAsync(connection, userId, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 102)]
    public async Task Find_WithARoundTrip_PaysForEachQuery(bool rowByRow, int queries)
    {
        var roundTrip = TimeSpan.FromMilliseconds(2);
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading { RoundTrip = roundTrip });
        using var log = new QueryLog();

        await (rowByRow ? store.FindByRecentActivityAsync(
            connection, 1, CancellationToken.None) : store.FindAsync(connection, 1, CancellationToken.None));

        Assert.Equal(queries, log.Durations.Count);

        // A single timer may fire a little early.
        Assert.True(log.Durations.Aggregate((sum, duration) => sum + duration) >= 0.95 * queries * roundTrip);
    }

    [Fact]
    public async Task FindByRecentActivity_Cancelled_EndsAndLeavesTheConnectionUsable()
    {
        using var store = new ProfileStore(_database);
        using var connection = store.Open(new ProfileReading { RoundTrip = TimeSpan.FromSeconds(1) });
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.FindByRecentActivityAsync(connection, 1, cancel.Token).WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.NotNull(await store.FindAsync(connection, 1, CancellationToken.None));
    }

    [Fact]
    public async Task FindIgnoringCase_Cancelled_EndsAndLeavesTheConnectionUsable()
    {
        using var slow = new ProfileDatabase(DatabaseUrl.InMemory, TimeProvider.System);
        Assert.Null(await slow.PrepareAsync(reseed: false));
        using var store = new ProfileStore(slow);
        using var connection = store.Open(new ProfileReading { ScanRowCost = TimeSpan.FromMilliseconds(20) });
        using var quick = _database.Open();
        await store.FindIgnoringCaseAsync(quick, 1, CancellationToken.None);

        // The whole scan takes 400 s. The query is compiled already, so the scan is running when the timeout ends.
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => store.FindIgnoringCaseAsync(connection, 1, cancel.Token)).WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.NotNull(await store.FindAsync(connection, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Prepare_Again_ChangesNothing()
    {
        using var connection = _database.Open();
        await using var context = connection.CreateContext();
        await context.Database.ExecuteSqlAsync($"UPDATE user_profiles SET display_name = 'Kept' WHERE user_id = 1");

        Assert.Null(await _database.PrepareAsync(reseed: false));
        Assert.Equal("Kept", (await context.Profiles.FirstAsync()).DisplayName);
        Assert.Null(await _database.PrepareAsync(reseed: true));
        Assert.Equal("Amber Finch", (await context.Profiles.FirstAsync()).DisplayName);
    }

    [Fact]
    public async Task Prepare_RowsMissing_SeedsAnew()
    {
        using var connection = _database.Open();
        await using var context = connection.CreateContext();
        await context.Activities.Where(activity => activity.ActivityId > 100).ExecuteDeleteAsync();

        Assert.Null(await _database.PrepareAsync(reseed: false));

        Assert.Equal(ProfileSeeder.ActivityRows, await context.Activities.CountAsync());
    }

    [Fact]
    public async Task InMemory_TwoDatabases_AreApart()
    {
        using var other = new ProfileDatabase(DatabaseUrl.InMemory, TimeProvider.System);
        using var connection = other.Open(new ProfileReading { ScanRowCost = MockSreApp.Scaled.ScanRowCost });
        using var tables = connection.CreateCommand();
        tables.CommandText = "SELECT count(*) FROM sqlite_master";

        Assert.Equal(0L, await tables.ExecuteScalarAsync());
    }

    private int Rows()
    {
        using var connection = _database.Open();
        using var context = connection.CreateContext();
        return context.Activities.Count();
    }

    private string PlanOf(Func<IQueryable<ActivityRow>, IQueryable<ActivityRow>> ofUser)
    {
        using var connection = _database.Open();
        using var context = connection.CreateContext();
        var query = ofUser(context.Activities).OrderByDescending(activity => activity.OccurredAt).Select(activity => activity.Kind).Take(1)
            .ToQueryString();

        // EF puts lines with parameters for the sqlite shell before the query.
        var sql = query[query.IndexOf("SELECT", StringComparison.Ordinal)..];
        using var explain = connection.CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + sql;
        explain.Parameters.Add(new SqliteParameter("@p", 1));
        using var reader = explain.ExecuteReader();
        var plan = new List<string>();
        while (reader.Read())
        {
            plan.Add(reader.GetString(3));
        }

        return string.Join("; ", plan);
    }
}
