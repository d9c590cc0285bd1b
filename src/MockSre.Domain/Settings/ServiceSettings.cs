using System.Net;
using System.Net.Sockets;

namespace MockSre.Domain.Settings;

/// <summary>The service's configuration, read from environment variables at start.</summary>
public sealed record ServiceSettings
{
    public const int DefaultPoolLimit = 20;

    /// <summary>The most connections that <c>DB_POOL_LIMIT</c> may ask for: each of them can block a thread.</summary>
    public const int MaxPoolLimit = 100;

    public const int DefaultPoolTimeoutMs = 5000;
    public const int MaxPoolTimeoutMs = 60_000;
    public const int MaxAdminTokenLength = 200;

    /// <summary>Sentry's limit, in characters: https://docs.sentry.io/product/releases/naming-releases/</summary>
    public const int MaxReleaseLength = 200;

    public const int MaxAllowedHosts = 50;
    public const int MaxForwarders = 50;

    private const string DsnForm = "a Sentry DSN such as https://<key>@<host>/<project number>, or nothing";

    /// <summary>The names of all variables, in the order of docs/settings.md.</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        "SENTRY_DSN", "ENV", "DATABASE_URL", "DISABLE_CACHE", "ENABLE_SLOW_QUERY", "DB_POOL_LIMIT", "INJECT_TIMEOUT_ERRORS",
        "FAILURE_MODE", "DB_POOL_TIMEOUT_MS", "ADMIN_TOKEN", "ALLOWED_HOSTS", "PUBLIC_URL", "FORWARDED_HEADERS", "SENTRY_RELEASE",
        "SENTRY_TRACES_SAMPLE_RATE", "SIGNAL_INBOX", "INCIDENTS_DATABASE_URL", "ALERT_WEBHOOK_URL", "SENTRY_BLIND_DSN",
    ];

    /// <summary>Where errors and transactions are sent; null sends nothing.</summary>
    public Uri? SentryDsn { get; init; }

    public ServiceEnvironment Environment { get; init; } = ServiceEnvironment.Local;
    public DatabaseUrl Database { get; init; } = new("./app.db");

    /// <summary>Removes the cache in mode <c>none</c>. Other modes ignore it.</summary>
    public bool DisableCache { get; init; }

    /// <summary>Makes mode <c>none</c> scan the activity table. Other modes ignore it.</summary>
    public bool EnableSlowQuery { get; init; }

    /// <summary>Database connections at once, 1 to <see cref="MaxPoolLimit"/>.</summary>
    public int PoolLimit { get; init; } = DefaultPoolLimit;

    public TimeSpan PoolTimeout { get; init; } = TimeSpan.FromMilliseconds(DefaultPoolTimeoutMs);

    /// <summary>Makes every profile request miss its deadline, in every mode.</summary>
    public bool InjectTimeoutErrors { get; init; }

    /// <summary>The name of the mode at start; null for the healthy one.</summary>
    public string? FailureMode { get; init; }

    /// <summary>The bearer token of everything under <c>/admin</c>; null asks for none.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Host names that are served besides loopback, without ports.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The address at which clients reach the service, ending in a slash; null if not set.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The proxies whose <c>X-Forwarded-*</c> headers are trusted.</summary>
    public IReadOnlyList<IPNetwork> Forwarders { get; init; } = [];

    /// <summary>The release of every signal; null for the release of the deployment in force.</summary>
    public string? SentryRelease { get; init; }

    /// <summary>The share of profile requests that become transactions, 0 to 1.</summary>
    public double TracesSampleRate { get; init; } = 1;

    public bool SignalInbox { get; init; } = true;
    public DatabaseUrl IncidentsDatabase { get; init; } = new("./incidents.db");

    /// <summary>Where alerts of incident runs are posted; null posts none. No API call can change it.</summary>
    public Uri? AlertWebhook { get; init; }

    /// <summary>Where signals of blind incident runs are sent; null sends none.</summary>
    public Uri? SentryBlindDsn { get; init; }

    /// <param name="read">Returns a variable's text; null or empty if it is not set.</param>
    /// <param name="problems">All problems; empty if the settings are valid.</param>
    /// <returns>The settings, with defaults for invalid values.</returns>
    public static ServiceSettings Read(
        Func<string, string?> read, IReadOnlyList<string> failureModes, out IReadOnlyList<SettingProblem> problems)
    {
        var reader = new SettingsReader(read);
        var settings = new ServiceSettings
        {
            SentryDsn = reader.Parsed<Uri?>("SENTRY_DSN", null, TryDsn, DsnForm, show: _ => null),
            Environment = reader.Parsed("ENV", ServiceEnvironment.Local, TryEnvironment, "local or demo"),
            Database = reader.Database("DATABASE_URL", "./app.db"),
            DisableCache = reader.Flag("DISABLE_CACHE"),
            EnableSlowQuery = reader.Flag("ENABLE_SLOW_QUERY"),
            PoolLimit = reader.Number("DB_POOL_LIMIT", DefaultPoolLimit, 1, MaxPoolLimit),
            InjectTimeoutErrors = reader.Flag("INJECT_TIMEOUT_ERRORS"),
            FailureMode = reader.OneOf("FAILURE_MODE", failureModes),
            PoolTimeout = TimeSpan.FromMilliseconds(reader.Number("DB_POOL_TIMEOUT_MS", DefaultPoolTimeoutMs, 1, MaxPoolTimeoutMs)),
            AdminToken = reader.Parsed<string?>(
                "ADMIN_TOKEN", null, TryToken,
                $"up to {MaxAdminTokenLength} visible ASCII characters without spaces, or nothing", show: _ => null),
            AllowedHosts = reader.Parsed<IReadOnlyList<string>>(
                "ALLOWED_HOSTS", [], TryHosts,
                $"up to {MaxAllowedHosts} host names or addresses, separated by commas, without scheme, port or wildcard"),
            PublicUrl = reader.Parsed<Uri?>(
                "PUBLIC_URL", null, TryPublicUrl,
                "an http or https URL such as https://demo.example/mocksre/, without user, query, fragment and empty path segments",
                show: text => text.Contains('@', StringComparison.Ordinal) ? null : text),
            Forwarders = reader.Parsed<IReadOnlyList<IPNetwork>>(
                "FORWARDED_HEADERS", [], TryForwarders,
                $"up to {MaxForwarders} addresses or networks of proxies, such as 127.0.0.1 or 10.0.0.0/8, separated by commas"),
            SentryRelease = reader.Parsed<string?>(
                "SENTRY_RELEASE", null, TryRelease,
                $"up to {MaxReleaseLength} characters without control characters, slashes or backslashes, not . or .."),
            TracesSampleRate = reader.Parsed("SENTRY_TRACES_SAMPLE_RATE", 1.0, TryShare, "a number from 0 to 1, such as 0.25"),
            SignalInbox = reader.Flag("SIGNAL_INBOX", fallback: true),
            IncidentsDatabase = reader.Database("INCIDENTS_DATABASE_URL", "./incidents.db"),
            AlertWebhook = reader.Parsed<Uri?>("ALERT_WEBHOOK_URL", null, TryHttpUrl, "an http or https URL, or nothing", show: _ => null),
            SentryBlindDsn = reader.Parsed<Uri?>("SENTRY_BLIND_DSN", null, TryDsn, DsnForm, show: _ => null),
        };
        problems = reader.Problems;
        return settings;
    }

    private static bool TryEnvironment(string text, out ServiceEnvironment environment)
    {
        environment = text == "demo" ? ServiceEnvironment.Demo : ServiceEnvironment.Local;
        return text is "demo" or "local";
    }

    // The user of a DSN is the public key. The last path segment is the project: https://docs.sentry.io/concepts/key-terms/dsn-explainer/
    private static bool TryDsn(string text, out Uri? dsn)
    {
        if (!TryHttpUrl(text.TrimEnd('/'), out dsn))
        {
            return false;
        }

        // Old DSNs have a secret after the key, which Sentry no longer needs.
        var key = dsn.UserInfo.Split(':')[0];
        var project = dsn.AbsolutePath.Split('/')[^1];
        return key.Length > 0 && project.Length > 0 && project.All(char.IsAsciiDigit) && dsn.Query.Length + dsn.Fragment.Length == 0;
    }

    private static bool TryHttpUrl(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "https" or "http" && url.Host.Length > 0;

    private static bool TryToken(string text, out string? token)
    {
        token = text;
        return text.Length <= MaxAdminTokenLength && text.All(c => c is > ' ' and <= '~');
    }

    private static bool TryRelease(string text, out string? release)
    {
        release = text;
        return text.Length <= MaxReleaseLength && text is not ("." or "..") && !text.Any(c => char.IsControl(c) || c is '/' or '\\');
    }

    private static bool TryShare(string text, out double share) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is >= 0 and <= 1;

    private static bool TryHosts(string text, out IReadOnlyList<string> hosts)
    {
        hosts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return hosts.Count <= MaxAllowedHosts && hosts.All(IsHost);
    }

    private static bool TryPublicUrl(string text, out Uri? url)
    {
        if (!TryHttpUrl(text, out url))
        {
            return false;
        }

        // A path with two slashes at its start would be the address of another host in a link.
        url = url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
        return url.UserInfo.Length + url.Query.Length + url.Fragment.Length == 0
            && text.IndexOfAny(['?', '#', '\\']) < 0
            && !url.AbsolutePath.Contains("//", StringComparison.Ordinal);
    }

    private static bool TryForwarders(string text, out IReadOnlyList<IPNetwork> forwarders)
    {
        var read = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadForwarder).ToList();
        forwarders = [.. read.OfType<IPNetwork>()];
        return read.Count <= MaxForwarders && forwarders.Count == read.Count;
    }

    // .NET reads "10" as the address 0.0.0.10: an IPv4 address must have all four numbers.
    private static IPNetwork? ReadForwarder(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3))
        {
            return null;
        }

        return slash < 0 ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network
            : null;
    }

    private static bool IsHost(string host) =>
        host.StartsWith('[') && host.EndsWith(']')
            ? Uri.CheckHostName(host[1..^1]) is UriHostNameType.IPv6
            : !host.Contains(':', StringComparison.Ordinal) && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
}
