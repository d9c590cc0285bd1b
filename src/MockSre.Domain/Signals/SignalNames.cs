namespace MockSre.Domain.Signals;

/// <summary>The names of tags, contexts, spans and breadcrumbs.</summary>
public static class SignalNames
{
    public const string ModeTag = "failure_mode";
    public const string ScenarioTag = "demo_scenario";

    /// <summary>The value of <see cref="ScenarioTag"/>.</summary>
    public const string Scenario = "incident_b";

    public const string DeploymentContext = "deployment";

    /// <summary>In <see cref="DeploymentContext"/>.</summary>
    public const string DeploymentNumber = "number";

    public const string ConsoleContext = "console";
    public const string ConsolePage = "page";

    /// <summary>The context with the numbers of a timeout. They are not in the exception's message.</summary>
    public const string TimeoutContext = "timeout";

    /// <summary>How long the request waited for a connection, in milliseconds, in <see cref="TimeoutContext"/>.</summary>
    public const string WaitedMs = "waited_ms";

    /// <summary>The deadline of the request, in milliseconds, in <see cref="TimeoutContext"/>.</summary>
    public const string DeadlineMs = "deadline_ms";

    /// <summary>The measurement of profile reads that reached the database.</summary>
    public const string DatabaseReads = "db.reads";

    /// <summary>A span: https://docs.sentry.io/platforms/dotnet/tracing/instrumentation/caches-module/</summary>
    public const string CacheLookUp = "cache.get";

    /// <summary>A span: the wait for a connection.</summary>
    public const string PoolWait = "db.pool.wait";

    /// <summary>A span: the name that the SDK gives to queries of EF Core.</summary>
    public const string Query = "db.query";

    /// <summary>In the data of the span <see cref="CacheLookUp"/>.</summary>
    public const string CacheHit = "cache.hit";

    /// <summary>Connections of the pool, in the data of the span <see cref="PoolWait"/> and in <see cref="TimeoutContext"/>.</summary>
    public const string PoolLimit = "pool.limit";

    /// <summary>Connections in use: in the data of the span at the start of the wait, in <see cref="TimeoutContext"/> at its end.</summary>
    public const string PoolInUse = "pool.in_use";

    /// <summary>Requests in the queue including this one, at the same moments as <see cref="PoolInUse"/>.</summary>
    public const string PoolWaiting = "pool.waiting";

    /// <summary>A category of breadcrumbs, as the next two.</summary>
    public const string CacheCategory = "cache";
    public const string PoolCategory = "db.pool";
    public const string DatabaseCategory = "db";

    /// <summary>The message of the breadcrumb of a request without a cache.</summary>
    public const string CacheBypassed = "Cache bypassed: there is none to ask";
}
