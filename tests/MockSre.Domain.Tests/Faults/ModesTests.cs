using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.InjectedTimeouts;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

public sealed class ModesTests
{
    /// <summary>The five modes of the contract, mildest first.</summary>
    public static TheoryData<string> Names => ["none", "cache_off", "slow_query", "pool_saturation", "combined"];

    /// <summary>Each cell of the mode table contains the key word of the contract's cell.</summary>
    [Theory]
    [InlineData("none", "on", "fast", "normal", "none")]
    [InlineData("cache_off", "off", "fast", "normal", "breadcrumb")]
    [InlineData("slow_query", "off", "2 s", "normal", "latency alert")]
    [InlineData("pool_saturation", "off", "fast", "exhausted", "timeout")]
    [InlineData("pool_saturation", "off", "fast", "exhausted", "500")]
    [InlineData("combined", "off", "2 s", "exhausted", "latency spike")]
    [InlineData("combined", "off", "2 s", "exhausted", "errors")]
    public void All_EachMode_SaysWhatTheContractSays(string name, string cache, string query, string pool, string signal)
    {
        var mode = Modes.Find(name)!;

        Assert.Equal(cache, mode.Cache);
        Assert.Contains(query, mode.Query, StringComparison.Ordinal);
        Assert.StartsWith(pool, mode.Pool, StringComparison.Ordinal);
        Assert.Contains(signal, mode.ExpectedSignal, StringComparison.Ordinal);
    }

    [Fact]
    public void All_TheModes_AreFiveInTheContractsOrder() => Assert.Equal([.. Names], Modes.Names);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("None")]
    [InlineData("cacheoff")]
    [InlineData(" combined")]
    [InlineData("1")]
    public void Find_AnythingElse_FindsNothing(string? name) => Assert.Null(Modes.Find(name));

    /// <summary>The traits of each mode under default settings.</summary>
    [Theory]
    [InlineData("none", true, false, 20, 5000, 0, 0, 0)]
    [InlineData("cache_off", false, false, 20, 5000, 0, 0, 0)]
    [InlineData("slow_query", false, true, 20, 5000, 0, 0, 0)]
    [InlineData("pool_saturation", false, false, 2, 1000, 2, 0, 0)]
    [InlineData("combined", false, true, 2, 1000, 2, 3200, 2700)]
    public void PlanOf_DefaultSettings_HasTheTraitsOfTheDesign(
        string name, bool cacheEnabled, bool fullScan, int poolLimit, int poolTimeoutMs, int leases, int freeMs, int heldMs)
    {
        var traits = TraitsOf(name, new ServiceSettings());

        Assert.Equal(
            FaultCatalog.Healthy
                .With(CacheOffFault.Enabled, cacheEnabled)
                .With(FullScanFault.Enabled, fullScan)
                .With(SmallPoolFault.Limit, poolLimit)
                .With(SmallPoolFault.TimeoutMs, poolTimeoutMs)
                .With(SmallPoolFault.ExportLeases, leases)
                .With(SmallPoolFault.ExportFreeMs, freeMs)
                .With(SmallPoolFault.ExportHeldMs, heldMs),
            traits);
        Assert.Equal(name != "none", traits.HasFault);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void PlanOf_None_FollowsCacheAndQuerySettings(bool disableCache, bool slowQuery)
    {
        var traits = TraitsOf("none", new ServiceSettings { DisableCache = disableCache, EnableSlowQuery = slowQuery });

        Assert.Equal((!disableCache, slowQuery), (traits[CacheOffFault.Enabled], traits[FullScanFault.Enabled]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PlanOf_EveryModeButNone_OverridesCacheAndQuerySettings(string name)
    {
        var traits = TraitsOf(name, new ServiceSettings { DisableCache = true, EnableSlowQuery = true });

        // Only the mode none follows the settings. With these it has no cache and no index.
        Assert.Equal(
            name == "none" ? (false, true) : (false, TraitsOf(name, new ServiceSettings())[FullScanFault.Enabled]),
            (traits[CacheOffFault.Enabled], traits[FullScanFault.Enabled]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PlanOf_EveryMode_InjectsTimeoutsWhenTold(string name) => Assert.Equal(
        TraitsOf(name, new ServiceSettings()).With(InjectedTimeoutsFault.Enabled, true),
        TraitsOf(name, new ServiceSettings { InjectTimeoutErrors = true }));

    [Theory]
    [InlineData("none", 7, 300)]
    [InlineData("cache_off", 7, 300)]
    [InlineData("slow_query", 7, 300)]
    [InlineData("pool_saturation", 2, 1000)]
    [InlineData("combined", 2, 1000)]
    public void PlanOf_PoolSettings_HoldWhereTheModeLeavesThePoolAlone(string name, int limit, int timeoutMs)
    {
        var traits = TraitsOf(name, new ServiceSettings { PoolLimit = 7, PoolTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal((limit, timeoutMs), (traits[SmallPoolFault.Limit], traits[SmallPoolFault.TimeoutMs]));
    }

    /// <summary>The contract gives each mode a release of the incident's timeline.</summary>
    [Theory]
    [InlineData("none", "8a2c5e0")]
    [InlineData("cache_off", "b71e4d8")]
    [InlineData("slow_query", "c95a017")]
    [InlineData("pool_saturation", "d40f3b2")]
    [InlineData("combined", "d40f3b2")]
    public void PlanOf_EveryMode_HasItsNameAndTheReleaseOfItsDeploy(string name, string release)
    {
        var plan = Modes.PlanOf(Modes.Find(name)!, new ServiceSettings(), new FaultTimings());

        Assert.Equal((name, release), (plan.Label, plan.Release));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PlanOf_WithASentryRelease_CarriesThatOne(string name) =>
        Assert.Equal("v7", Modes.PlanOf(Modes.Find(name)!, new ServiceSettings { SentryRelease = "v7" }, new FaultTimings()).Release);

    private static TraitSet TraitsOf(string name, ServiceSettings settings) =>
        Modes.PlanOf(Modes.Find(name)!, settings, new FaultTimings()).Traits;
}
