using MockSre.Domain.Settings;

namespace MockSre.Domain.Faults;

/// <summary>One row of the mode table: what people call a mode, and what they are told about it.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Name">Its name in URLs, headers, settings and tags.</param>
/// <param name="Cache">What happens to the cache, for people.</param>
/// <param name="Query">What happens to the query, for people.</param>
/// <param name="Pool">What happens to the connection pool, for people.</param>
/// <param name="ExpectedSignal">What an observer should see, for people.</param>
/// <param name="Release">
/// The commit of <c>recent_commits.json</c> whose deploy it stands for. Only that of <c>combined</c> is a point of the incident's
/// timeline, where every change up to it is in force; the single faults are what-ifs.
/// </param>
public sealed record FailureModeInfo(
    FailureMode Mode,
    string Name,
    string Cache,
    string Query,
    string Pool,
    string ExpectedSignal,
    string Release);

/// <summary>The five modes: names, descriptions and the traits each one stands for.</summary>
public static class FailureModes
{
    /// <summary>Connections of the pool that <c>pool_saturation</c> and <c>combined</c> shrink to.</summary>
    public const int SmallPoolLimit = 2;

    /// <summary>Connections that the other job needs, whatever the limit: all of a small pool, a tenth of the usual one.</summary>
    public const int ContendingLeases = 2;

    /// <summary>All modes, mildest first.</summary>
    public static IReadOnlyList<FailureModeInfo> All { get; } =
    [
        new(FailureMode.None, "none", "on", "fast, by index", "normal", "none", "8a2c5e0"),
        new(FailureMode.CacheOff, "cache_off", "off", "fast, by index", "normal", "more database reads (breadcrumb)", "b71e4d8"),
        new(FailureMode.SlowQuery, "slow_query", "off", "full scan, about 2 s", "normal", "latency alert", "c95a017"),
        new(FailureMode.PoolSaturation, "pool_saturation", "off", "fast, by index", "exhausted all the time", "timeouts, status 500", "d40f3b2"),
        new(FailureMode.Combined, "combined", "off", "full scan, about 2 s", "exhausted in bursts", "errors and a latency spike", "d40f3b2"),
    ];

    /// <summary>The names of all modes as a phrase for messages.</summary>
    public static string NameList { get; } = string.Join(", ", All.Select(info => info.Name));

    /// <summary>The name of a mode in URLs, headers, settings and tags.</summary>
    public static string Name(this FailureMode mode) => All[(int)mode].Name;

    /// <summary>Finds a mode by its exact name.</summary>
    public static bool TryParse(string name, out FailureMode mode)
    {
        var info = All.FirstOrDefault(info => info.Name == name);
        mode = info?.Mode ?? FailureMode.None;
        return info is not null;
    }

    /// <summary>What is published for a mode under given settings: its traits, its name as the label, its release unless <c>SENTRY_RELEASE</c> names another.</summary>
    public static DeploymentPlan PlanOf(FailureMode mode, ServiceSettings settings, FaultTimings timings) =>
        new(TraitsOf(mode, settings, timings), mode.Name(), settings.SentryRelease ?? All[(int)mode].Release);

    /// <summary>What a mode means under given settings.</summary>
    /// <remarks>Only <c>none</c> follows <c>DISABLE_CACHE</c> and <c>ENABLE_SLOW_QUERY</c>; injected timeouts apply everywhere.</remarks>
    public static Traits TraitsOf(FailureMode mode, ServiceSettings settings, FaultTimings timings)
    {
        var configured = new Traits(
            CacheEnabled: !settings.DisableCache,
            timings.CacheLifetime,
            FullScan: settings.EnableSlowQuery,
            settings.PoolLimit,
            settings.PoolTimeout,
            Contention.None,
            settings.InjectTimeoutErrors,
            timings.ScanRowCost);
        var uncached = configured with { CacheEnabled = false, FullScan = false };
        var saturated = uncached with
        {
            PoolLimit = SmallPoolLimit,
            PoolTimeout = timings.SmallPoolTimeout,
            Contention = Contention.Continuous(ContendingLeases),
        };

        return mode switch
        {
            FailureMode.None => configured,
            FailureMode.CacheOff => uncached,
            FailureMode.SlowQuery => uncached with { FullScan = true },
            FailureMode.PoolSaturation => saturated,
            FailureMode.Combined => saturated with
            {
                FullScan = true,
                Contention = new Contention(ContendingLeases, timings.BurstFree, timings.BurstHeld),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
    }
}
