using MockSre.Domain.Fixtures;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Composition;

/// <summary>Commands that prepare a Sentry project for the incident. They need neither the service nor its database.</summary>
internal static class SentryCommands
{
    public static bool Contains(Command command) => command is Command.Release or Command.Alerts;

    /// <summary>Runs a command, and prints any problem to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Command command, ConfigurationManager configuration)
    {
        var problems = new List<SettingProblem>();
        Startup.AddDotEnv(configuration, problems);
        var access = SentryAccess.Read(variable => configuration[variable], out var wrong);
        problems.AddRange(wrong);
        problems.ForEach(Startup.Complain);
        if (problems.Count > 0)
        {
            return Startup.Refused;
        }

        try
        {
            await (command == Command.Release ? ReleaseAsync(access) : SetAlertsAsync(access));
            return 0;
        }
        catch (Exception e) when (e is SentryApiException or FixtureException)
        {
            Console.Error.WriteLine(e.Message);
            return Startup.Refused;
        }
    }

    private static async Task ReleaseAsync(SentryAccess access)
    {
        var fixtures = new FixtureReader(Path.Combine(AppContext.BaseDirectory, "fixtures"));
        using var sentry = new SentryApiClient(access, ReleaseUpload.Scopes, TimeProvider.System, Console.Out);
        await new ReleaseUpload(sentry, access, TimeProvider.System, Console.Out).RunAsync(fixtures.ReadCommits().Value);
    }

    private static async Task SetAlertsAsync(SentryAccess access)
    {
        using var sentry = new SentryApiClient(access, AlertRules.Scopes, TimeProvider.System, Console.Out);
        await new AlertRules(sentry, access, Console.Out).RunAsync();
    }
}
