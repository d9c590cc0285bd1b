using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Web.Composition;
using MockSre.Web.Data;
using Command = System.CommandLine.Command;

namespace MockSre.Checks;

/// <summary>The baseline of the benchmark: a minimal ASP.NET host with the same answers.</summary>
internal static class BareHost
{
    public const string CommandName = "bare";

    /// <summary>The path that answers with a profile from memory.</summary>
    public const string CachedPath = "/cached/";

    /// <summary>The path that reads the profile with EF Core's pooled contexts.</summary>
    public const string ReadPath = "/read/";

    public static Command CreateCommand()
    {
        var database = new Argument<string>("database") { Description = "A database that the service has seeded." };
        var command = new Command(CommandName, "Serve the profiles of a database from a minimal host.") { database };
        command.Hidden = true;

        // All other arguments are options of the host.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed => RunAsync(parsed.GetRequiredValue(database), [.. parsed.UnmatchedTokens]));
        return command;
    }

    private static async Task<int> RunAsync(string databaseFile, string[] options)
    {
        var builder = WebApplication.CreateBuilder(options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddPooledDbContextFactory<ProfileDbContext>(context => context
            .UseSqlite($"Data Source={databaseFile}")
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));

        await using var app = builder.Build();
        var contexts = app.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
        var cached = new Dictionary<int, UserProfile>();
        for (var user = 1; user <= ProfileSeeder.Users; user++)
        {
            cached[user] = await ReadAsync(user, contexts);
        }

        app.MapGet(CachedPath + "{user_id}", (int user_id) => TypedResults.Ok(cached[user_id]));
        app.MapGet(ReadPath + "{user_id}", async (int user_id) => TypedResults.Ok(await ReadAsync(user_id, contexts)));

        // The same number of threads as the service. On a busy machine, more threads get more processor time.
        ThreadPool.GetMinThreads(out _, out var io);
        ThreadPool.SetMinThreads(Startup.MinThreads(ServiceSettings.DefaultPoolLimit), io);

        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Console.WriteLine($"The bare host is at {addresses.Single()}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<UserProfile> ReadAsync(int userId, IDbContextFactory<ProfileDbContext> contexts)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var row = await context.Profiles.FirstAsync(profile => profile.UserId == userId);
        var last = await context.Activities
            .Where(activity => activity.UserKey == row.UserKey)
            .OrderByDescending(activity => activity.OccurredAt)
            .Select(activity => new { activity.Kind, activity.OccurredAt })
            .FirstOrDefaultAsync();
        return new UserProfile(
            row.UserId,
            row.Username,
            row.DisplayName,
            row.Email,
            row.Plan,
            DateTime.SpecifyKind(row.JoinedAt, DateTimeKind.Utc),
            last is null ? null : new ProfileActivity(last.Kind, DateTime.SpecifyKind(last.OccurredAt, DateTimeKind.Utc)));
    }
}
