using Microsoft.Extensions.Logging.Console;
using MockSre.Domain.Fixtures;
using MockSre.Web.Access;
using MockSre.Web.Api;
using MockSre.Web.Data;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.Load;
using MockSre.Web.Profiles;
using MockSre.Web.Signals;
using MockSre.Web.WebConsole;

namespace MockSre.Web.Composition;

/// <summary>Registers all parts of the service.</summary>
internal static class ServiceRegistration
{
    /// <summary>The time to stop: first requests in flight, then queued signals. It leaves the runtime one of five seconds.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    /// <summary>The time that requests in flight have when the service stops. Then they are interrupted.</summary>
    public static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(2.5);

    public static void AddMockSre(
        this WebApplicationBuilder builder, ServiceSettings settings, ListenAddresses addresses, ConnectionLimits connections)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });

        // A blocked terminal must not stop the service. The log counts dropped lines.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);

        // RunAsync reports in one line why the host could not start.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // It warns about keys stored in plain text. The console's keys are not stored.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // An antiforgery cookie from before a restart is no error: the browser gets a new one.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical);
        if (addresses.IsDefault)
        {
            builder.WebHost.UseUrls(ListenAddresses.Default);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = StrictBody.MaxBytes;
        });

        builder.AddConnectionLimits(connections);
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownGrace);
        services.ConfigureHttpJsonOptions(options => ConfigureJson(options.SerializerOptions));
        services.AddSingleton<IProblemDetailsWriter, ErrorPages>();
        services.AddProblems();
        services.AddApiDescription();

        services.AddSingleton(settings);
        services.AddSingleton(addresses);
        builder.AddSignals(settings);
        services.AddFeatures();
        services.AddConsole(addresses);
    }

    /// <summary>Profiles, faults, load, signals and incidents: shared by the API and the console. The provider has the settings.</summary>
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new FaultTimings());
        services.AddSingleton<ObserverLog>();
        services.AddPublicAddress();
        services.AddSingleton(provider => new SignalInbox(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ServiceSettings>().SignalInbox,
            e => provider.GetRequiredService<ObserverLog>().Failed(e)));
        services.AddSingleton<ExportSlots>();
        services.AddSingleton<SignalRoutes>();
        services.AddSingleton<AdminAccess>();
        services.AddSingleton(provider => new ProfileDatabase(
            provider.GetRequiredService<ServiceSettings>().Database, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IProfileStore, ProfileStore>();
        services.AddSingleton(provider => new FailureSwitch(
            provider.GetRequiredService<ServiceSettings>(),
            provider.GetRequiredService<FaultTimings>(),
            provider.GetRequiredService<IProfileStore>(),
            provider.GetRequiredService<TimeProvider>(),
            e => provider.GetRequiredService<ObserverLog>().Failed(e)));
        services.AddSingleton<LiveMetrics>();
        services.AddSingleton<FailureLog>();
        services.AddSingleton<SignalExpectations>();
        services.AddSingleton<OwnProfileClient>();
        services.AddSingleton(provider => new LoadGenerator(
            provider.GetRequiredService<OwnProfileClient>().SendAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LoadStarter>();
        services.AddSingleton(_ => ScenarioCatalog.Read(Path.Combine(AppContext.BaseDirectory, "fixtures", "scenarios")));
        services.AddSingleton(provider => new IncidentStore(
            provider.GetRequiredService<ServiceSettings>().IncidentsDatabase, provider.GetRequiredService<TimeProvider>()));
        services.AddProfileTelemetry();
        services.AddIncidentRuns();
        services.AddSingleton(new FixtureReader(Path.Combine(AppContext.BaseDirectory, "fixtures")));
    }

    private static void ConfigureJson(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.AllowDuplicateProperties = false;
        json.Converters.Add(new UtcTimeConverter());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }
}
