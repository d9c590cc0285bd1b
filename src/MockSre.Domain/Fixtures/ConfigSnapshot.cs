using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.InjectedTimeouts;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Fixtures;

/// <summary>The configuration at the time of the incident, from <c>config_snapshot.json</c>: settings by their variables' names in lower case.</summary>
/// <param name="CapturedAt">When it was captured, UTC.</param>
/// <param name="SentryDsn">Redacted.</param>
/// <param name="Env">local or demo; Sentry's environment.</param>
/// <param name="DatabaseUrl">Where the profiles were kept.</param>
/// <param name="DisableCache">Whether the cache was off in effect.</param>
/// <param name="EnableSlowQuery">Whether the scan was on in effect.</param>
/// <param name="DbPoolLimit">Connections in effect.</param>
/// <param name="DbPoolTimeoutMs">Wait for a connection in effect, in milliseconds.</param>
/// <param name="InjectTimeoutErrors">Whether timeouts were injected.</param>
/// <param name="FailureMode">The mode; Sentry's tag of that name.</param>
/// <param name="AdminToken">Redacted.</param>
/// <param name="AllowedHosts">Hosts served beyond loopback.</param>
/// <param name="PublicUrl">The address at which the service was reached; empty where it had no address of its own.</param>
/// <param name="ForwardedHeaders">Proxies whose headers were believed.</param>
/// <param name="SentryRelease">The release of every signal; empty for that of the deploy.</param>
/// <param name="SentryTracesSampleRate">The share of requests that became transactions, 0 to 1.</param>
/// <param name="SignalInbox">Whether signals were kept in the process.</param>
/// <param name="IncidentsDatabaseUrl">Where incident runs were kept.</param>
/// <param name="AlertWebhookUrl">Redacted.</param>
/// <param name="SentryBlindDsn">Redacted.</param>
public sealed record ConfigSnapshot(
    DateTimeOffset CapturedAt,
    string SentryDsn,
    string Env,
    string DatabaseUrl,
    bool DisableCache,
    bool EnableSlowQuery,
    int DbPoolLimit,
    int DbPoolTimeoutMs,
    bool InjectTimeoutErrors,
    string FailureMode,
    string AdminToken,
    string AllowedHosts,
    string PublicUrl,
    string ForwardedHeaders,
    string SentryRelease,
    double SentryTracesSampleRate,
    bool SignalInbox,
    string IncidentsDatabaseUrl,
    string AlertWebhookUrl,
    string SentryBlindDsn)
{
    private const string Redacted = "[redacted]";

    /// <summary>The configuration in effect in this process: the settings, as far as the traits in force do not override them. It holds no secret and no path.</summary>
    /// <param name="settings">What the service was started with.</param>
    /// <param name="traits">What is in force.</param>
    /// <param name="label">The name of the mode in force; null where it has none.</param>
    /// <param name="at">Now, UTC.</param>
    public static ConfigSnapshot Of(ServiceSettings settings, TraitSet traits, string? label, DateTimeOffset at) => new(
        new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
        Redact(settings.SentryDsn),
        settings.Environment.Name(),
        settings.Database.Shown,
        !traits[CacheOffFault.Enabled],
        traits[FullScanFault.Enabled],
        traits[SmallPoolFault.Limit],
        traits[SmallPoolFault.TimeoutMs],
        traits[InjectedTimeoutsFault.Enabled],
        label ?? "",
        Redact(settings.AdminToken),
        string.Join(',', settings.AllowedHosts),
        settings.PublicUrl?.AbsoluteUri ?? "",
        string.Join(',', settings.Forwarders),
        settings.SentryRelease ?? "",
        settings.TracesSampleRate,
        settings.SignalInbox,
        settings.IncidentsDatabase.Shown,
        Redact(settings.AlertWebhook),
        Redact(settings.SentryBlindDsn));

    private static string Redact(object? secret) => secret is null ? "" : Redacted;
}
