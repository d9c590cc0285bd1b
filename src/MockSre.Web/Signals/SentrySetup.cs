using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Web.Http;
using MockSre.Web.Profiles;
using Sentry.AspNetCore;

namespace MockSre.Web.Signals;

/// <summary>Wires the Sentry SDK so that it tells of profile requests and of nothing else.</summary>
internal static class SentrySetup
{
    /// <summary>The SDK wants a DSN. This one stands for none: what has it stays in the process.</summary>
    private const string NoDsn = "https://inbox@sentry.invalid/1";

    /// <summary>What everything that is not a request carries; requests carry the release of their deployment.</summary>
    private const string NeutralRelease = "mocksre";

    /// <summary>Envelopes that may wait in the SDK for being serialised.</summary>
    private const int SdkQueueLimit = 1000;

    /// <summary>How long the SDK may take to hand over its last envelopes when the service stops.</summary>
    private static readonly TimeSpan SdkFlushLimit = TimeSpan.FromSeconds(0.5);

    /// <summary>Registers the inbox, and the SDK where somebody would see its signals: in the inbox, or at Sentry.</summary>
    public static void AddSignals(this WebApplicationBuilder builder, ServiceSettings settings)
    {
        builder.Services.AddSingleton(provider => new SignalInbox(
            provider.GetRequiredService<TimeProvider>(), settings.SignalInbox, e => provider.GetRequiredService<ObserverLog>().Failed(e)));
        builder.Services.AddSingleton<ExportSlots>();
        builder.Services.AddSingleton<SignalRoutes>();

        if (settings.SentryDsn is null && !settings.SignalInbox)
        {
            builder.Services.AddSingleton<IHub>(Sentry.Extensibility.DisabledHub.Instance);
            return;
        }

        // Before the SDK, whose middleware is the next.
        builder.Services.AddTransient<IStartupFilter, OwnTraces>();
        builder.WebHost.UseSentry();

        // Nothing but what is said below decides: the SDK would also read a configuration section of its own, variables such as Sentry__Dsn. Besides
        // that these registrations hold what filters logs, of which there are none, and the stack traces' mode.
        builder.Services.RemoveAll<IConfigureOptions<SentryAspNetCoreOptions>>();

        // No log becomes a signal, so the SDK hears of none: it would copy its scope for every scope of every request's log. Nor does it write any:
        // it would tell of events that are left out as if they had been sent.
        builder.Services.Configure<LoggerFilterOptions>(filters => filters.Rules.Add(new LoggerFilterRule("Sentry", null, LogLevel.None, null)));
        builder.Logging.AddFilter("Sentry", LogLevel.None);
        builder.Services.AddOptions<SentryAspNetCoreOptions>().Configure<IServiceProvider>((sentry, services) =>
        {
            Configure(sentry, settings);

            // The senders only when there is something to send: they need a logger, and loggers need these options.
            sentry.Transport = new SignalTransport(sentry, services.GetRequiredService<SignalInbox>(), services.GetRequiredService<SignalRoutes>);
        });
    }

    /// <summary>Makes a transaction of each request of the profile endpoint.</summary>
    /// <remarks>
    /// Placed by hand, behind the guards: registered by the SDK it would make one of every request, known path or not.
    /// </remarks>
    public static void UseProfileTransactions(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IHub>().IsEnabled)
        {
            app.UseWhen(
                context => context.GetEndpoint()?.Metadata.GetMetadata<ProfileEndpoint>() is not null,
                profile => profile.Use(WithoutPathBase).UseSentryTracing());
        }
    }

    /// <summary>Sends what still waits.</summary>
    /// <param name="limit">How long that may take.</param>
    public static async Task DrainSignalsAsync(this WebApplication app, TimeSpan limit)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        await app.Services.GetRequiredService<IHub>().FlushAsync(SdkFlushLimit);
        await app.Services.GetRequiredService<SignalRoutes>().DrainAsync(limit - time.GetElapsedTime(start));
    }

    // The SDK would begin the transaction's name with it. Alerts and searches in Sentry know the route alone.
    private static Task WithoutPathBase(HttpContext context, RequestDelegate next)
    {
        context.Request.PathBase = PathString.Empty;
        return next(context);
    }

    // What could let something out is said here even where it is the SDK's default.
    private static void Configure(SentryAspNetCoreOptions sentry, ServiceSettings settings)
    {
        sentry.Dsn = settings.SentryDsn?.OriginalString ?? NoDsn;
        sentry.Environment = settings.Environment.Name();
        sentry.Release = settings.SentryRelease ?? NeutralRelease;
        sentry.ServerName = NeutralRelease;

        // Issues are grouped by stack, so its form is not left to a default.
        sentry.StackTraceMode = StackTraceMode.Enhanced;

        sentry.TracesSampler = _ => settings.TracesSampleRate;
        sentry.AutoRegisterTracing = false;

        // An error is a failed profile request, captured where it is caught. Logs would make second issues of the same failure.
        sentry.MinimumEventLevel = LogLevel.None;
        sentry.MinimumBreadcrumbLevel = LogLevel.None;
        sentry.EnableLogs = false;
        sentry.SetBeforeSendMetric(_ => null);
        sentry.AutoSessionTracking = false;
        sentry.CaptureFailedRequests = false;
        sentry.CaptureBlockingCalls = false;
        sentry.DisableSentryHttpMessageHandler = true;
        sentry.DisableAppDomainUnhandledExceptionCapture();
        sentry.DisableUnobservedTaskExceptionCapture();

        // Nothing of the machine, of its user or of its files.
        sentry.SendDefaultPii = false;
        sentry.IsEnvironmentUser = false;
        sentry.MaxRequestBodySize = Sentry.Extensibility.RequestSize.None;
        sentry.IncludeActivityData = false;
        sentry.ReportAssembliesMode = ReportAssembliesMode.None;
        sentry.DetectStartupTime = StartupTimeDetectionMode.None;
        sentry.DisableFileWrite = true;
        sentry.CacheDirectoryPath = null;
        sentry.EnableSpotlight = false;
        sentry.Debug = false;
        sentry.SetBeforeBreadcrumb(SignalScrubber.Scrub);
        sentry.SetBeforeSend(SignalScrubber.Scrub);
        sentry.SetBeforeSendTransaction(SignalScrubber.Scrub);

        // A burst is kept whole: with the defaults most of one is dropped, and then sampled away.
        sentry.SampleRate = null;
        sentry.MaxQueueItems = SdkQueueLimit;
        sentry.EnableBackpressureHandling = false;
        sentry.ShutdownTimeout = SdkFlushLimit;
        sentry.SendClientReports = true;
    }
}
