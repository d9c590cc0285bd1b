using Microsoft.EntityFrameworkCore;

namespace MockSre.Web.Data;

/// <summary>Fills the database with the same ten users and activities each time.</summary>
/// <remarks>In SQL: EF's first query costs a tenth of a second, and a start needs no other.</remarks>
internal sealed class ProfileSeeder(ProfileDbContext context)
{
    public const int Users = 10;

    /// <summary>Rows that the full scan visits.</summary>
    public const int ActivityRows = 20_000;

    private const int FirstOldRow = 18_000;

    private const string ImportKind = "import";

    private static readonly DateTime FirstImportAt = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly DateTime LastActivityAt = new(2026, 3, 12, 8, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Names =
    [
        "Amber Finch", "Blue Heron", "Coral Wren", "Dusky Plover", "Ebony Swift",
        "Flax Lark", "Golden Ibis", "Hazel Tern", "Indigo Kite", "Jade Robin",
    ];

    private static readonly string[] Plans = ["free", "team", "enterprise"];

    /// <summary>Seeds in one transaction if rows are missing. A table with more rows stays as it is.</summary>
    /// <param name="reseed">Deletes all rows first and seeds in any case.</param>
    public async Task SeedAsync(bool reseed, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!reseed && await IsSeededAsync(cancellationToken))
        {
            return;
        }

        await context.Database.ExecuteSqlAsync($"DELETE FROM profile_activity; DELETE FROM user_profiles", cancellationToken);
        for (var user = 1; user <= Users; user++)
        {
            await InsertAsync(user, cancellationToken);
        }

        // Old clients wrote some of the oldest keys in mixed case. One statement: newest row first, 37 s apart, users in turn.
        await context.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {ActivityRows})
            INSERT INTO profile_activity (activity_id, user_key, kind, occurred_at)
            SELECT {ActivityRows} - n,
                   CASE WHEN n >= {FirstOldRow} AND n % 50 = 0 THEN 'User:' ELSE 'user:' END || (1 + (n * 7) % {Users}),
                   CASE (n / {Users}) % 5
                       WHEN 0 THEN 'login' WHEN 1 THEN 'search' WHEN 2 THEN 'view' WHEN 3 THEN 'export' ELSE 'settings' END,
                   strftime('%Y-%m-%d %H:%M:%S', {LastActivityAt}, '-' || (n * 37) || ' seconds')
            FROM numbers
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Adds imported rows, for all users in turn, older than all seeded rows.</summary>
    public Task ImportAsync(int rows, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 WHERE {rows} > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
        INSERT INTO profile_activity (user_key, kind, occurred_at)
        SELECT 'user:' || (1 + n % {Users}), {ImportKind}, strftime('%Y-%m-%d %H:%M:%S', {FirstImportAt}, '+' || n || ' seconds')
        FROM numbers
        """,
        cancellationToken);

    /// <summary>Removes the imported rows in one transaction.</summary>
    /// <returns>Whether there were any.</returns>
    /// <remarks>
    /// Keeps the few other rows in a temporary table, empties the table and puts them back. SQLite empties a table page by page:
    /// two million rows take about a second. Deleting them one by one, with the index, takes minutes.
    /// </remarks>
    public async Task<bool> RemoveImportedAsync(CancellationToken cancellationToken)
    {
        // The temporary table belongs to one connection, so keep it open.
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (!await IsTrueAsync($"SELECT EXISTS (SELECT 1 FROM profile_activity WHERE kind = '{ImportKind}')", cancellationToken))
            {
                return false;
            }

            await context.Database.ExecuteSqlAsync(
                $"""
                CREATE TEMP TABLE kept_activity AS SELECT * FROM profile_activity WHERE kind <> {ImportKind};
                DELETE FROM profile_activity;
                INSERT INTO profile_activity (activity_id, user_key, kind, occurred_at)
                SELECT activity_id, user_key, kind, occurred_at FROM kept_activity;
                DROP TABLE kept_activity;
                UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(activity_id), 0) FROM profile_activity)
                WHERE name = 'profile_activity';
                """,
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    public Task<bool> IsSeededAsync(CancellationToken cancellationToken) => IsTrueAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT (SELECT count(*) FROM user_profiles) >= {Users} AND (SELECT count(*) FROM profile_activity) >= {ActivityRows}
            """),
        cancellationToken);

    // Takes no parameters: the queries have constants only.
    private async Task<bool> IsTrueAsync(string query, CancellationToken cancellationToken)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = query;
        return await command.ExecuteScalarAsync(cancellationToken) is 1L;
    }

    private Task<int> InsertAsync(int user, CancellationToken cancellationToken)
    {
        var name = Names[user - 1];
        var username = name.ToLowerInvariant().Replace(' ', '-');
        var key = string.Create(CultureInfo.InvariantCulture, $"user:{user}");
        var joinedAt = new DateTime(2024, 1, 15, 9, 0, 0, DateTimeKind.Utc).AddDays(31 * user);
        return context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO user_profiles (user_id, user_key, username, display_name, email, plan, joined_at)
            VALUES ({user}, {key}, {username}, {name}, {$"{username}@example.com"}, {Plans[user % Plans.Length]}, {joinedAt})
            """,
            cancellationToken);
    }
}
