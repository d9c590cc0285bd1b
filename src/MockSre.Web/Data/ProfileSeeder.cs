using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace MockSre.Web.Data;

/// <summary>Fills the database with the same ten users and the same activity each time.</summary>
internal sealed class ProfileSeeder(ProfileDbContext context)
{
    /// <summary>Users, with ids from 1.</summary>
    public const int Users = 10;

    /// <summary>Rows that the full scan visits.</summary>
    public const int ActivityRows = 20_000;

    private const int FirstOldRow = 18_000;

    /// <summary>What imported rows are told apart by.</summary>
    private const string ImportKind = "import";

    private static readonly DateTime FirstImportAt = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly DateTime LastActivityAt = new(2026, 3, 12, 8, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Names =
    [
        "Amber Finch", "Blue Heron", "Coral Wren", "Dusky Plover", "Ebony Swift",
        "Flax Lark", "Golden Ibis", "Hazel Tern", "Indigo Kite", "Jade Robin",
    ];

    private static readonly string[] Plans = ["free", "team", "enterprise"];

    /// <summary>Seeds where rows are missing, all of it or nothing; a table that has grown stays.</summary>
    /// <param name="reseed">Whether to begin anew in any case.</param>
    /// <param name="cancellationToken">Leaves everything as it was.</param>
    public async Task SeedAsync(bool reseed, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!reseed && await IsSeededAsync(cancellationToken))
        {
            return;
        }

        await context.Activities.ExecuteDeleteAsync(cancellationToken);
        await context.Profiles.ExecuteDeleteAsync(cancellationToken);
        context.Profiles.AddRange(Enumerable.Range(1, Users).Select(Profile));
        await context.SaveChangesAsync(cancellationToken);

        // Old clients wrote some keys in mixed case; they are nobody's newest. One statement instead of twenty thousand: the newest row first, 37 s apart, users in a turn that is not their ids' order.
        await context.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {ActivityRows})
            INSERT INTO profile_activity (activity_id, user_key, kind, occurred_at)
            SELECT {ActivityRows} - n,
                   CASE WHEN n >= {FirstOldRow} AND n % 50 = 0 THEN 'User:' ELSE 'user:' END || (1 + (n * 7) % {Users}),
                   CASE (n / {Users}) % 5 WHEN 0 THEN 'login' WHEN 1 THEN 'search' WHEN 2 THEN 'view' WHEN 3 THEN 'export' ELSE 'settings' END,
                   strftime('%Y-%m-%d %H:%M:%S', {LastActivityAt}, '-' || (n * 37) || ' seconds')
            FROM numbers
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Adds rows that an import brings: of the users in turn, and older than all that is seeded.</summary>
    public Task ImportAsync(int rows, CancellationToken cancellationToken) => context.Database.ExecuteSqlAsync(
        $"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 WHERE {rows} > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
        INSERT INTO profile_activity (user_key, kind, occurred_at)
        SELECT 'user:' || (1 + n % {Users}), {ImportKind}, strftime('%Y-%m-%d %H:%M:%S', {FirstImportAt}, '+' || n || ' seconds')
        FROM numbers
        """,
        cancellationToken);

    /// <summary>Removes the imported rows, all of them or none.</summary>
    /// <returns>Whether there were any.</returns>
    /// <remarks>
    /// The other rows are few: they are set aside, the table is emptied and they are put back. SQLite empties a table page by page,
    /// without a look at its rows. Two million rows are gone in about a second; deleted one by one, out of the index too, they take
    /// minutes.
    /// </remarks>
    public async Task<bool> RemoveImportedAsync(CancellationToken cancellationToken)
    {
        // One connection throughout: a temporary table belongs to it.
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (!await context.Activities.AnyAsync(activity => activity.Kind == ImportKind, cancellationToken))
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

    /// <summary>Whether all the seeded rows are there.</summary>
    public async Task<bool> IsSeededAsync(CancellationToken cancellationToken) =>
        await context.Profiles.CountAsync(cancellationToken) >= Users
        && await context.Activities.CountAsync(cancellationToken) >= ActivityRows;

    private static ProfileRow Profile(int userId)
    {
        var name = Names[userId - 1];
        var username = name.ToLowerInvariant().Replace(' ', '-');
        return new ProfileRow
        {
            UserId = userId,
            UserKey = string.Create(CultureInfo.InvariantCulture, $"user:{userId}"),
            Username = username,
            DisplayName = name,
            Email = $"{username}@example.com",
            Plan = Plans[userId % Plans.Length],
            JoinedAt = new DateTime(2024, 1, 15, 9, 0, 0, DateTimeKind.Utc).AddDays(31 * userId),
        };
    }
}
