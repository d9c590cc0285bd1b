using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MockSre.Web.Profiles;
using Sentry.AspNetCore;

namespace MockSre.Web.Signals;

/// <summary>Configures the Sentry SDK to report profile requests and nothing else.</summary>
internal static class SentrySetup
{
    // The SDK needs a DSN. With this one, signals stay in the process.
    private const string NoDsn = "https://inbox@sentry.invalid/1";

    // For signals without a request. Requests carry the release of their deployment.
    private const string NeutralRelease = "mocksre";

    // Envelopes waiting in the SDK to be serialised.
    private const int SdkQueueLimit = 1000;

    // The SDK's time to hand over its last envelopes when the service stops.
    private static readonly TimeSpan SdkFlushLimit = TimeSpan.FromSeconds(0.5);

    /// <summary>Registers the SDK if the inbox or Sentry receives its signals.</summary>
    public static void AddSignals(this WebApplicationBuilder builder, ServiceSettings settings)
    {
        if (settings.SentryDsn is null && !settings.SignalInbox)
        {
            builder.Services.AddSingleton<IHub>(Sentry.Extensibility.DisabledHub.Instance);
            return;
        }

        // Runs before the SDK's middleware.
        builder.Services.AddTransient<IStartupFilter, OwnTraces>();
        builder.WebHost.UseSentry();

        // These registrations would also read the SDK's configuration section and variables such as Sentry__Dsn.
        builder.Services.RemoveAll<IConfigureOptions<SentryAspNetCoreOptions>>();

        // Logs do not become signals, and the SDK writes no logs: it would report discarded events as sent.
        builder.Services.Configure<LoggerFilterOptions>(filters =>
            filters.Rules.Add(new LoggerFilterRule("Sentry", null, LogLevel.None, null)));
        builder.Logging.AddFilter("Sentry", LogLevel.None);
        builder.Services.AddOptions<SentryAspNetCoreOptions>().Configure<IServiceProvider>((sentry, services) =>
        {
            Configure(sentry, settings);

            // The senders are created on first use: they need a logger, and loggers need these options.
            sentry.Transport = new SignalTransport(
                sentry, services.GetRequiredService<SignalInbox>(), services.GetRequiredService<SignalRoutes>);
        });
    }

    /// <summary>Makes a transaction of each profile request. The SDK's own registration would make one of every request.</summary>
    public static void UseProfileTransactions(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IHub>().IsEnabled)
        {
            app.UseWhen(
                context => context.GetEndpoint()?.Metadata.GetMetadata<ProfileEndpoint>() is not null,
                profile => profile.Use(WithoutPathBase).UseSentryTracing());
        }
    }

    /// <summary>Sends the remaining signals.</summary>
    public static async Task DrainSignalsAsync(this WebApplication app, TimeSpan limit)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        await app.Services.GetRequiredService<IHub>().FlushAsync(SdkFlushLimit);
        await app.Services.GetRequiredService<SignalRoutes>().DrainAsync(limit - time.GetElapsedTime(start));
    }

    // The SDK would put the path base into the transaction's name, which alerts and searches in Sentry would not match.
    private static Task WithoutPathBase(HttpContext context, RequestDelegate next)
    {
        context.Request.PathBase = PathString.Empty;
        return next(context);
    }

    // Settings that affect privacy are explicit, even where they equal the SDK's defaults.
    private static void Configure(SentryAspNetCoreOptions sentry, ServiceSettings settings)
    {
        sentry.Dsn = settings.SentryDsn?.OriginalString ?? NoDsn;
        sentry.Environment = settings.Environment.Name();
        sentry.Release = settings.SentryRelease ?? NeutralRelease;
        sentry.ServerName = NeutralRelease;

        // Sentry groups issues by stack, so the form of stacks is fixed.
        sentry.StackTraceMode = StackTraceMode.Enhanced;

        sentry.TracesSampler = _ => settings.TracesSampleRate;
        sentry.AutoRegisterTracing = false;

        // The one error is a failed profile request, captured where it is caught. Logs would duplicate it.
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

        // Send nothing about the machine, its user or its files.
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

        // Keep bursts whole: the defaults drop and sample most of a burst.
        sentry.SampleRate = null;
        sentry.MaxQueueItems = SdkQueueLimit;
        sentry.EnableBackpressureHandling = false;
        sentry.ShutdownTimeout = SdkFlushLimit;
        sentry.SendClientReports = true;
    }
}
