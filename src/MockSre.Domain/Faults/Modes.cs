using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

public static class Modes
{
    private static readonly CacheOffFault CacheFault = new();
    private static readonly FullScanFault ScanFault = new();
    private static readonly SmallPoolFault PoolFault = new();
    private static readonly TraitSet Uncached = TraitSet.Empty.With(CacheOffFault.Enabled, false).With(FullScanFault.Enabled, false);

    public static FailureMode None { get; } = new("none", "on", "fast, by index", "normal", "none", "8a2c5e0", _ => TraitSet.Empty)
    {
        ExpectedSignals =
        [
            new("no_errors", "No error event.", Goal.Never, signal => signal is ErrorSignal),
            new("no_slow_transactions", "No transaction of 1 s or more.", Goal.Never, ExpectedSignal.IsSlow),
        ],
    };

    public static FailureMode CacheOff { get; } = new(
        "cache_off", "off", "fast, by index", "normal", "more database reads (breadcrumb)", "b71e4d8", _ => Uncached)
    {
        ExpectedSignals = CacheFault.ExpectedSignals,
        SentryRequirements = CacheFault.SentryRequirements,
    };

    public static FailureMode SlowQuery { get; } = new(
        "slow_query", "off", "full scan, about 2 s", "normal", "latency alert", "c95a017", _ => Uncached.With(FullScanFault.Enabled, true))
    {
        ExpectedSignals = ScanFault.ExpectedSignals,
        SentryRequirements = ScanFault.SentryRequirements,
    };

    public static FailureMode PoolSaturation { get; } = new(
        "pool_saturation", "off", "fast, by index", "exhausted all the time", "timeouts, status 500", "d40f3b2",
        timings => CutPool(timings, TimeSpan.Zero, TimeSpan.Zero))
    {
        ExpectedSignals = PoolFault.ExpectedSignals,
        SentryRequirements = PoolFault.SentryRequirements,
    };

    /// <summary>Incident B: no cache, the scan, and a small pool that another job takes in bursts.</summary>
    public static FailureMode Combined { get; } = new(
        "combined", "off", "full scan, about 2 s", "exhausted in bursts", "errors and a latency spike", "d40f3b2",
        timings => CutPool(timings, timings.BurstFree, timings.BurstHeld).With(FullScanFault.Enabled, true))
    {
        ExpectedSignals = [.. PoolFault.ExpectedSignals, FullScanFault.SlowSuccesses, FullScanFault.SlowSpan],
        SentryRequirements = [.. ScanFault.SentryRequirements, .. PoolFault.SentryRequirements],

        // Of fifty requests, ten at a time, six read the database.
        SlowQueriesPerTransaction = 6.0 / 50,
    };

    /// <summary>All modes, mildest first.</summary>
    public static IReadOnlyList<FailureMode> All { get; } = [None, CacheOff, SlowQuery, PoolSaturation, Combined];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(mode => mode.Name)];

    public static FailureMode? Find(string? name) => All.FirstOrDefault(mode => mode.Name == name);

    public static DeploymentPlan PlanOf(FailureMode mode, ServiceSettings settings, FaultTimings timings) =>
        new(FaultCatalog.Configured(settings, timings).Then(mode.Changes(timings)), mode.Name, settings.SentryRelease ?? mode.Release);

    private static TraitSet CutPool(FaultTimings timings, TimeSpan exportFree, TimeSpan exportHeld) => Uncached
        .With(SmallPoolFault.Limit, SmallPoolFault.CutLimit)
        .With(SmallPoolFault.TimeoutMs, timings.SmallPoolTimeout)
        .With(SmallPoolFault.ExportLeases, SmallPoolFault.CutLeases)
        .With(SmallPoolFault.ExportFreeMs, exportFree)
        .With(SmallPoolFault.ExportHeldMs, exportHeld);
}
