using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Faults.InjectedTimeouts;
using MockSre.Domain.Faults.NPlusOne;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Faults;

/// <summary>All faults, and the settings that they turn.</summary>
public static class FaultCatalog
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new SmallPoolFault(), new CacheOffFault(), new FullScanFault(), new InjectedTimeoutsFault(), new GrowingTableFault(),
        new NPlusOneFault(),
    ];

    public static IReadOnlyList<Setting> Settings { get; } = [.. All.SelectMany(fault => fault.Settings)];

    public static TraitSet Healthy { get; } = Settings.Aggregate(
        TraitSet.Empty, (traits, setting) => traits.With(setting, setting.HealthyValue));

    public static Setting? Find(string name) => Settings.FirstOrDefault(setting => setting.Name == name);

    /// <summary>Every setting as the environment has it.</summary>
    public static TraitSet Configured(ServiceSettings settings, FaultTimings timings) => Settings.Aggregate(
        Healthy, (traits, setting) => setting.ConfiguredValue(settings, timings) is { } value ? traits.With(setting, value) : traits);
}
