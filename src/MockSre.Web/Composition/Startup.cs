using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Load;
using MockSre.Domain.Settings;
using MockSre.Web.Data;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Signals;

namespace MockSre.Web.Composition;

/// <summary>From the settings to a service that answers, or to a line for each reason why not.</summary>
internal static class Startup
{
    private const int SpareThreads = 64;

    /// <summary>Modes whose requests may still run when yet another one is set: ten within the two seconds of a scan.</summary>
    private const int OverlappingModes = 10;

    /// <summary>The exit code of a service that did not start.</summary>
    public const int Refused = 1;

    /// <summary>Begins with the program's own directory as content root, wherever it is called from.</summary>
    /// <remarks>Nothing is read again while the service runs: an address added later would pass the guard below.</remarks>
    public static WebApplicationBuilder CreateBuilder(CommandLine commandLine) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = ["--hostBuilder:reloadConfigOnChange=false", .. commandLine.HostArguments],
        ContentRootPath = AppContext.BaseDirectory,
    });

    /// <summary>Reads everything that could keep the service from starting, and says all of it at once on standard error.</summary>
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
                "ADMIN_TOKEN", "", $"a token, because ENV=demo would let everybody who reaches {address} change this service"));
        }

        if (SqliteLocation.FindProblem(settings.Database, ProfileDatabase.Table) is { } unusable)
        {
            problems.Add(ProfilesProblem(settings, unusable));
        }

        if (SqliteLocation.FindProblem(settings.IncidentsDatabase, IncidentStore.Table) is { } unusableToo)
        {
            problems.Add(IncidentsProblem(settings, unusableToo));
        }
        else if (settings.IncidentsDatabase.FilePath is { } incidents && settings.Database.FilePath is { } profiles && Path.GetFullPath(incidents) == Path.GetFullPath(profiles))
        {
            problems.Add(IncidentsProblem(settings, "a file of its own, not that of DATABASE_URL"));
        }

        problems.ForEach(Complain);
        var descriptors = ConnectionLimits.Descriptors();
        connections = ConnectionLimits.For(descriptors, settings.PoolLimit);
        if (connections.Connections < ConnectionLimits.FewestConnections)
        {
            Console.Error.WriteLine(
                $"MockSre may open {descriptors} files and sockets at once and needs {ConnectionLimits.NeededDescriptors(settings.PoolLimit)} (DB_POOL_LIMIT={settings.PoolLimit}); raise the limit with ulimit -n.");
            return false;
        }

        return problems.Count == 0;
    }

    /// <summary>Adds what <c>.env</c> sets, and says what of it has no effect.</summary>
    public static void AddDotEnv(IConfigurationBuilder configuration, ICollection<SettingProblem> problems)
    {
        try
        {
            foreach (var unknown in DotEnvFile.AddTo(configuration))
            {
                Console.Error.WriteLine($"{DotEnvFile.Name} sets {unknown}, which is no setting of this service and has no effect.");
            }
        }
        catch (InvalidDataException)
        {
            problems.Add(new SettingProblem(DotEnvFile.Name, null, "a readable file of NAME=value lines"));
        }
    }

    /// <summary>Says on standard error what is wrong with a setting.</summary>
    public static void Complain(SettingProblem problem) => Console.Error.WriteLine(problem);

    /// <summary>Threads that are there without waiting for the thread pool to grow.</summary>
    public static int MinThreads(int poolLimit) => SpareThreads + (OverlappingModes * poolLimit) + VisitorRateLimiter.Concurrency;

    /// <summary>Prepares the database and serves, or only seeds.</summary>
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
            Console.WriteLine($"Seeded {ProfileSeeder.Users} profiles and {ProfileSeeder.ActivityRows} activities in {settings.Database.FilePath ?? "memory"}.");
            return 0;
        }

        if (await app.Services.GetRequiredService<IncidentStore>().PrepareAsync() is { } unusableToo)
        {
            Complain(IncidentsProblem(settings, unusableToo));
            return Refused;
        }

        // A scan blocks its thread, as all of SQLite does. With threads to spare for every connection, also while the requests of
        // earlier modes still end, everything else keeps answering; the thread pool by itself adds only one or two a second.
        ThreadPool.GetMinThreads(out var workers, out var io);
        ThreadPool.SetMinThreads(Math.Max(workers, MinThreads(settings.PoolLimit)), io);

        app.Services.GetRequiredService<FailureSwitch>().LogChanges(app.Logger);

        // Made now, so that it counts from the first signal.
        _ = app.Services.GetRequiredService<SignalExpectations>();
        var loads = app.Services.GetRequiredService<LoadGenerator>();
        IncidentRuns runs;
        try
        {
            runs = app.Services.GetRequiredService<IncidentRuns>();
        }
        catch (FixtureException e)
        {
            Console.Error.WriteLine($"fixtures/scenarios cannot be used: {e.Message}");
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

        // What a locked database holds up is closed when the service starts again.
        await stopped.WaitAsync(ServiceRegistration.ShutdownGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DrainSignalsAsync(ServiceRegistration.StopLimit - time.GetElapsedTime(stopping));
        return 0;
    }

    // The run first: what it came to is kept while there is still a store to keep it.
    private static async Task StopAsync(IncidentRuns runs, LoadGenerator loads)
    {
        await runs.StopAsync();
        await loads.DisposeAsync();
    }

    private static string Reason(Exception e) => e.InnerException is AddressInUseException
        ? $"{e.Message.TrimEnd('.')}. Stop what uses the port, or choose another with --port."
        : e.Message.ReplaceLineEndings(" ");

    private static void Greet(WebApplication app, ServiceSettings settings)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var addresses = OpenableAddresses.From(bound, settings.AllowedHosts);
        var mode = app.Services.GetRequiredService<FailureSwitch>().LastChange.To;
        var hint = settings.Environment == ServiceEnvironment.Demo ? "" : " (ENV=demo would let you switch modes)";
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
            yield return "ALLOWED_HOSTS has no effect while the service listens on loopback only; use --urls to listen beyond it.";
        }

        if (!addresses.AreLoopback && settings is { AllowedHosts.Count: 0, PublicUrl: null })
        {
            yield return
                "The service listens beyond loopback, but neither ALLOWED_HOSTS nor PUBLIC_URL names a host: "
                + "clients from outside get status 400.";
        }
    }

    private static SettingProblem ProfilesProblem(ServiceSettings settings, string allowed) =>
        new("DATABASE_URL", settings.Database.FilePath ?? "sqlite://", allowed);

    private static SettingProblem IncidentsProblem(ServiceSettings settings, string allowed) =>
        new("INCIDENTS_DATABASE_URL", settings.IncidentsDatabase.FilePath ?? "sqlite://", allowed);
}
