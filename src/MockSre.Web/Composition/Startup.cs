using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using MockSre.Domain.Fixtures;
using MockSre.Web.Data;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Signals;

namespace MockSre.Web.Composition;

/// <summary>Starts the service from its settings, or prints each reason why it cannot start.</summary>
internal static class Startup
{
    private const int SpareThreads = 64;

    // When modes change quickly, requests of this many modes can overlap: ten within the two seconds of a full scan.
    private const int OverlappingModes = 10;

    /// <summary>The exit code if the service did not start.</summary>
    public const int Refused = 1;

    /// <summary>Creates the builder, with the program's directory as content root.</summary>
    /// <remarks>Configuration is not reloaded: an address added later would bypass the checks below.</remarks>
    public static WebApplicationBuilder CreateBuilder(CommandLine commandLine) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = ["--hostBuilder:reloadConfigOnChange=false", .. commandLine.HostArguments],
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>Reads and checks the settings. Prints all problems at once to standard error.</summary>
    public static bool TryConfigure(
        WebApplicationBuilder builder, out ServiceSettings settings, out ListenAddresses addresses, out ConnectionLimits connections)
    {
        var problems = new List<SettingProblem>();
        AddDotEnv(builder.Configuration, problems);
        settings = ServiceSettings.Read(variable => builder.Configuration[variable], Modes.Names, out var wrong);
        addresses = ListenAddresses.From(builder.Configuration);
        problems.AddRange(wrong);
        problems.AddRange(addresses.Problems);
        var isReachable = !addresses.AreLoopback || settings.PublicUrl is { IsLoopback: false } || settings.Forwarders.Count > 0;
        if (settings is { Environment: ServiceEnvironment.Demo, AdminToken: null } && isReachable)
        {
            var address = settings.PublicUrl?.AbsoluteUri ?? string.Join(", ", addresses.Urls);
            problems.Add(new SettingProblem(
                "ADMIN_TOKEN", "", $"a token, because with ENV=demo every client of {address} could change this service"));
        }

        if (SqliteLocation.FindProblem(settings.Database, ProfileDatabase.Table) is { } unusable)
        {
            problems.Add(ProfilesProblem(settings, unusable));
        }

        if (SqliteLocation.FindProblem(settings.IncidentsDatabase, IncidentStore.Table) is { } unusableToo)
        {
            problems.Add(IncidentsProblem(settings, unusableToo));
        }
        else if (settings is { IncidentsDatabase.FilePath: { } incidents, Database.FilePath: { } profiles }
            && Path.GetFullPath(incidents) == Path.GetFullPath(profiles))
        {
            problems.Add(IncidentsProblem(settings, "another file than DATABASE_URL"));
        }

        problems.ForEach(Complain);
        var descriptors = ConnectionLimits.Descriptors();
        connections = ConnectionLimits.For(descriptors, settings.PoolLimit);
        if (connections.Connections < ConnectionLimits.FewestConnections)
        {
            var needed = ConnectionLimits.NeededDescriptors(settings.PoolLimit);
            Console.Error.WriteLine(
                $"MockSre may open {descriptors} files and sockets and needs {needed} (DB_POOL_LIMIT={settings.PoolLimit}). "
                + "Raise the limit with ulimit -n.");
            return false;
        }

        return problems.Count == 0;
    }

    /// <summary>Adds the settings of <c>.env</c>, and warns about lines without effect.</summary>
    public static void AddDotEnv(IConfigurationBuilder configuration, ICollection<SettingProblem> problems)
    {
        try
        {
            foreach (var unknown in DotEnvFile.AddTo(configuration))
            {
                Console.Error.WriteLine($"{DotEnvFile.Name} sets {unknown}, which is not a setting of this service.");
            }
        }
        catch (InvalidDataException)
        {
            problems.Add(new SettingProblem(DotEnvFile.Name, null, "a readable file of NAME=value lines"));
        }
    }

    public static void Complain(SettingProblem problem) => Console.Error.WriteLine(problem);

    /// <summary>The thread pool's minimum, below which it adds threads without delay.</summary>
    public static int MinThreads(int poolLimit) => SpareThreads + (OverlappingModes * poolLimit) + VisitorRateLimiter.Concurrency;

    /// <summary>Prepares the databases and serves, or only seeds.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(this WebApplication app, Command command)
    {
        var settings = app.Services.GetRequiredService<ServiceSettings>();
        if (await app.Services.GetRequiredService<ProfileDatabase>().PrepareAsync(reseed: command == Command.Seed) is { } unusable)
        {
            Complain(ProfilesProblem(settings, unusable));
            return Refused;
        }

        if (command == Command.Seed)
        {
            var where = settings.Database.FilePath ?? "memory";
            Console.WriteLine($"Seeded {ProfileSeeder.Users} profiles and {ProfileSeeder.ActivityRows} activities in {where}.");
            return 0;
        }

        if (await app.Services.GetRequiredService<IncidentStore>().PrepareAsync() is { } unusableToo)
        {
            Complain(IncidentsProblem(settings, unusableToo));
            return Refused;
        }

        // SQLite blocks its thread. Enough threads for all connections, of earlier modes too, keep everything else responsive.
        // By itself the thread pool adds only one or two a second.
        ThreadPool.GetMinThreads(out var workers, out var io);
        ThreadPool.SetMinThreads(Math.Max(workers, MinThreads(settings.PoolLimit)), io);

        app.Services.GetRequiredService<FailureSwitch>().LogChanges(app.Logger);

        // Created now, so that it counts from the first signal.
        _ = app.Services.GetRequiredService<SignalExpectations>();
        var loads = app.Services.GetRequiredService<LoadGenerator>();
        IncidentRuns runs;
        try
        {
            runs = app.Services.GetRequiredService<IncidentRuns>();
        }
        catch (FixtureException e)
        {
            Console.Error.WriteLine($"fixtures/scenarios is invalid: {e.Message}");
            return Refused;
        }

        await app.Services.GetRequiredService<LeftOpenRuns>().CloseAsync();
        var time = app.Services.GetRequiredService<TimeProvider>();
        var stopping = 0L;
        var stopped = Task.CompletedTask;
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            stopping = time.GetTimestamp();
            stopped = StopAsync(runs, loads);
        });

        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"MockSre cannot listen: {Reason(e)}");
            return Refused;
        }

        Greet(app, settings);
        await app.WaitForShutdownAsync();

        // If a locked database prevents closing a run, the next start closes it.
        await stopped.WaitAsync(ServiceRegistration.ShutdownGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DrainSignalsAsync(ServiceRegistration.StopLimit - time.GetElapsedTime(stopping));
        return 0;
    }

    // Stop the run first, while its store is still available.
    private static async Task StopAsync(IncidentRuns runs, LoadGenerator loads)
    {
        await runs.StopAsync();
        await loads.DisposeAsync();
    }

    private static string Reason(Exception e) => e.InnerException is AddressInUseException
        ? $"{e.Message.TrimEnd('.')}. Stop the program that uses the port, or choose another port with --port."
        : e.Message.ReplaceLineEndings(" ");

    private static void Greet(WebApplication app, ServiceSettings settings)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var addresses = OpenableAddresses.From(bound, settings.AllowedHosts);
        var mode = app.Services.GetRequiredService<FailureSwitch>().LastChange.To;
        var hint = settings.Environment == ServiceEnvironment.Demo ? "" : " (set ENV=demo to switch modes)";
        Console.WriteLine($"MockSre is at {string.Join(", ", addresses)} in mode {mode}, environment {settings.Environment.Name()}{hint}.");
        if (settings.PublicUrl is { } publicUrl)
        {
            Console.WriteLine($"Its public address is {publicUrl}");
        }

        Console.WriteLine(
            settings.SentryDsn is { } dsn ? $"Signals go to Sentry at {dsn.Authority}."
            : settings.SignalInbox ? "Signals stay in this process: /api/signals/summary."
            : "No signals: SENTRY_DSN is not set and SIGNAL_INBOX is false.");
        if ((settings.PublicUrl is { } open ? $"Open {open}" : OpenableAddresses.NextStep(addresses)) is { } next)
        {
            Console.WriteLine(next);
        }

        foreach (var notice in Notices(settings, app.Services.GetRequiredService<ListenAddresses>()))
        {
            app.Logger.LogNotice(notice);
        }
    }

    private static IEnumerable<string> Notices(ServiceSettings settings, ListenAddresses addresses)
    {
        if (addresses.AreLoopback && settings is { AllowedHosts.Count: > 0, Forwarders.Count: 0 })
        {
            yield return "ALLOWED_HOSTS has no effect while the service listens on loopback only. Use --urls to listen beyond it.";
        }

        if (!addresses.AreLoopback && settings is { AllowedHosts.Count: 0, PublicUrl: null })
        {
            yield return
                "The service listens beyond loopback, but neither ALLOWED_HOSTS nor PUBLIC_URL names a host. "
                + "Outside clients get status 400.";
        }
    }

    private static SettingProblem ProfilesProblem(ServiceSettings settings, string allowed) =>
        new("DATABASE_URL", settings.Database.FilePath ?? "sqlite://", allowed);

    private static SettingProblem IncidentsProblem(ServiceSettings settings, string allowed) =>
        new("INCIDENTS_DATABASE_URL", settings.IncidentsDatabase.FilePath ?? "sqlite://", allowed);
}
