using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults.SmallPool;

/// <summary>An export takes the whole connection pool, so that requests wait and give up.</summary>
public sealed class SmallPoolFault : Fault
{
    /// <summary>The size of the pool in the modes.</summary>
    public const int CutLimit = 2;

    /// <summary>The connections of the export in the modes: all of the small pool, a tenth of the default one.</summary>
    public const int CutLeases = 2;

    public static readonly Number Limit = new("pool_limit", ServiceSettings.DefaultPoolLimit, least: 1, ServiceSettings.MaxPoolLimit)
    {
        Description = "The number of database connections.",
        Key = "db_pool_limit",
        Configured = (settings, _) => settings.PoolLimit,
    };

    public static readonly Number TimeoutMs = new(
        "pool_timeout_ms", ServiceSettings.DefaultPoolTimeoutMs, least: 1, ServiceSettings.MaxPoolTimeoutMs)
    {
        Description = "How long a request waits for a connection, in milliseconds.",
        Key = "db_pool_timeout_ms",
        Unit = TimeSpan.FromMilliseconds(1),
        Configured = (settings, _) => (int)settings.PoolTimeout.TotalMilliseconds,
    };

    public static readonly Number ExportLeases = new("export.leases", healthy: 0, least: 0, most: 10)
    {
        Description = "Connections that the export holds at once; 0 for no export.",
    };

    public static readonly Number ExportFreeMs = new("export.free_ms", healthy: 0, least: 0, most: 3_600_000)
    {
        Description = "The pause of the export before each burst, in milliseconds; 0 to hold the connections all the time.",
        Unit = TimeSpan.FromMilliseconds(1),
    };

    public static readonly Number ExportHeldMs = new("export.held_ms", healthy: 0, least: 0, most: 3_600_000)
    {
        Description = "The length of each burst of the export, in milliseconds; 0 for no bursts.",
        Unit = TimeSpan.FromMilliseconds(1),
    };

    public override string Name => "small_pool";
    public override IReadOnlyList<Setting> Settings => [Limit, TimeoutMs, ExportLeases, ExportFreeMs, ExportHeldMs];
    public override string? Component => "connection_pool";
    public override string? Mechanism => "pool_exhaustion";

    public override IReadOnlyList<ExpectedSignal> ExpectedSignals =>
    [
        new(
            "timeout_errors",
            $"Error events {nameof(PoolTimeoutException)}, thrown from {nameof(ConnectionPool)}.{nameof(ConnectionPool.AcquireAsync)}.",
            Goal.Some,
            IsPoolTimeout,
            NeedsTransactions: false),
        new(
            "failed_transactions", "Transactions fail with status 500.", Goal.Some,
            signal => signal is TransactionSignal { HttpStatus: 500 }),
    ];

    public override IReadOnlyList<SentryRequirement> SentryRequirements =>
    [
        new("Error alert", "an alert rule on the number of errors; make alerts creates one"),
        new("Suspect commits", "releases with commits; make release tells Sentry of them"),
    ];

    public override bool IsIn(TraitSet traits) => traits[ExportLeases] >= traits[Limit];

    public override ProfileReading Shape(ProfileReading reading, TraitSet traits) =>
        reading with { Connections = traits[Limit], ConnectionTimeout = traits.Time(TimeoutMs) };

    public override IBackgroundJob? CreateJob(TraitSet traits, JobSite site) => traits[ExportLeases] == 0
        ? null
        : new ActivityExport(site.Pool, traits[ExportLeases], traits.Time(ExportFreeMs), traits.Time(ExportHeldMs), site.Time);

    private static bool IsPoolTimeout(Signal signal) => signal is ErrorSignal
    {
        ShortType: nameof(PoolTimeoutException), ThrownFrom: $"{nameof(ConnectionPool)}.{nameof(ConnectionPool.AcquireAsync)}",
    };
}
