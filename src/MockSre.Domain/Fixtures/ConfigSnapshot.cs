using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.InjectedTimeouts;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Fixtures;

/// <summary>
/// The configuration at the time of the incident, from <c>config_snapshot.json</c>. Members are named after environment variables. Secrets
/// are redacted. The values of traits are those in effect, which may differ from the variable.
/// </summary>
/// <param name="CapturedAt">UTC.</param>
/// <param name="SentryRelease">Empty for the release of the deploy.</param>
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

    /// <summary>The configuration in effect now: the settings, overridden by the traits. It has no secrets and no absolute paths.</summary>
    /// <param name="label">The name of the failure mode; null without a mode.</param>
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
