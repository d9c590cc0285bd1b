using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults.CacheOff;

public sealed class CacheOffFault : Fault
{
    public static readonly Switch Enabled = new("cache_enabled", healthy: true)
    {
        Description = "Whether profiles are kept in memory between requests.",
        Key = "disable_cache",
        IsKeyInverted = true,
        IsHiddenWhenBlind = true,
        Configured = settings => !settings.DisableCache,
    };

    public static readonly Number LifetimeMs = new("cache_lifetime_ms", healthy: 60_000, least: 1, most: 3_600_000)
    {
        Description = "How long a profile stays in the cache, in milliseconds.",
        Key = "profile_cache_ttl_ms",
        NeedsSwitch = Enabled,
        Unit = TimeSpan.FromMilliseconds(1),
        Configured = (_, timings) => (int)timings.CacheLifetime.TotalMilliseconds,
    };

    public override string Name => "cache_off";
    public override IReadOnlyList<Setting> Settings => [Enabled, LifetimeMs];
    public override string? Component => "profile_cache";
    public override string? Mechanism => "cache_removed";

    public override IReadOnlyList<ExpectedSignal> ExpectedSignals =>
    [
        new("cache_bypassed", "Transactions carry the breadcrumb that the cache was bypassed.", Goal.Usual, IsBypass),
        new(
            "more_database_reads", "Nearly every profile is read from the database: db.reads is 1.", Goal.Usual,
            signal => signal is TransactionSignal { DatabaseReads: >= 1 }),
    ];

    public override IReadOnlyList<SentryRequirement> SentryRequirements =>
    [
        new(
            "An issue of its own",
            "does not exist: reads of a millisecond are neither N+1 nor slow; look at the breadcrumbs, at db.reads and at the number of "
            + "db.query spans"),
    ];

    public override bool IsIn(TraitSet traits) => !traits[Enabled];

    public override ProfileReading Shape(ProfileReading reading, TraitSet traits) =>
        reading with { CacheLifetime = traits[Enabled] ? traits.Time(LifetimeMs) : null };

    private static bool IsBypass(Signal signal) =>
        signal is TransactionSignal && signal.Breadcrumbs.Any(crumb => crumb.Message == SignalNames.CacheBypassed);
}
