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
/// <param name="SentryRelease">The release of every signal; empty for that of the deploy.</param>
/// <param name="SentryTracesSampleRate">The share of requests that became transactions, 0 to 1.</param>
/// <param name="SignalInbox">Whether signals were kept in the process.</param>
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
    string SentryRelease,
    double SentryTracesSampleRate,
    bool SignalInbox);
