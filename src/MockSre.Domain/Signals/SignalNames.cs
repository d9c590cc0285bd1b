namespace MockSre.Domain.Signals;

/// <summary>The names that signals are written with and found by.</summary>
public static class SignalNames
{
    /// <summary>The tag that names the failure mode.</summary>
    public const string ModeTag = "failure_mode";

    /// <summary>The tag that every labelled signal carries.</summary>
    public const string ScenarioTag = "demo_scenario";

    /// <summary>The value of <see cref="ScenarioTag"/>.</summary>
    public const string Scenario = "incident_b";

    /// <summary>The context that tells which deployment a signal is of.</summary>
    public const string DeploymentContext = "deployment";

    /// <summary>The number of that deployment, within its context.</summary>
    public const string DeploymentNumber = "number";

    /// <summary>The context of the console's own failures.</summary>
    public const string ConsoleContext = "console";

    /// <summary>The path of the page that failed, within its context.</summary>
    public const string ConsolePage = "page";

    /// <summary>The context with the numbers of a timeout. They are not in the exception's message.</summary>
    public const string TimeoutContext = "timeout";

    /// <summary>How long the request waited for a connection, in milliseconds, within <see cref="TimeoutContext"/>.</summary>
    public const string WaitedMs = "waited_ms";

    /// <summary>The deadline of the request, in milliseconds, within <see cref="TimeoutContext"/>.</summary>
    public const string DeadlineMs = "deadline_ms";

    /// <summary>The measurement of profile reads that reached the database.</summary>
    public const string DatabaseReads = "db.reads";

    /// <summary>The operation of a look-up in the cache: https://docs.sentry.io/platforms/dotnet/tracing/instrumentation/caches-module/</summary>
    public const string CacheLookUp = "cache.get";

    /// <summary>The operation of waiting for a connection.</summary>
    public const string PoolWait = "db.pool.wait";

    /// <summary>The operation of a query, as the SDK names those of EF Core.</summary>
    public const string Query = "db.query";

    /// <summary>Whether the look-up found the profile, in its span's data.</summary>
    public const string CacheHit = "cache.hit";

    /// <summary>Connections of the pool, in the data of the wait's span and within <see cref="TimeoutContext"/>.</summary>
    public const string PoolLimit = "pool.limit";

    /// <summary>
    /// Connections in use: in the data of the wait's span as the request joined the queue, and within <see cref="TimeoutContext"/>
    /// as its wait ended.
    /// </summary>
    public const string PoolInUse = "pool.in_use";

    /// <summary>Requests in the queue, this one included, at the same moments as <see cref="PoolInUse"/>.</summary>
    public const string PoolWaiting = "pool.waiting";

    /// <summary>The category of breadcrumbs about the cache.</summary>
    public const string CacheCategory = "cache";

    /// <summary>The category of breadcrumbs about the pool.</summary>
    public const string PoolCategory = "db.pool";

    /// <summary>The category of breadcrumbs about the database.</summary>
    public const string DatabaseCategory = "db";

    /// <summary>The breadcrumb of a request that had no cache to ask.</summary>
    public const string CacheBypassed = "Cache bypassed: there is none to ask";
}
