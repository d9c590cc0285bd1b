using MockSre.Domain.Faults;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

public sealed class FailureModesTests
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RowCost = new FaultTimings().ScanRowCost;

    /// <summary>The table of the design note, one row a mode, under default settings.</summary>
    public static TheoryData<FailureMode, Traits> DesignTable => new()
    {
        { FailureMode.None, new Traits(true, Minute, false, 20, FiveSeconds, Contention.None, false, RowCost) },
        { FailureMode.CacheOff, new Traits(false, Minute, false, 20, FiveSeconds, Contention.None, false, RowCost) },
        { FailureMode.SlowQuery, new Traits(false, Minute, true, 20, FiveSeconds, Contention.None, false, RowCost) },
        { FailureMode.PoolSaturation, new Traits(false, Minute, false, 2, OneSecond, new Contention(2, TimeSpan.Zero, TimeSpan.Zero), false, RowCost) },
        { FailureMode.Combined, new Traits(false, Minute, true, 2, OneSecond, new Contention(2, TimeSpan.FromSeconds(3.2), TimeSpan.FromSeconds(2.7)), false, RowCost) },
    };

    /// <summary>The contract: what each mode stands for on the incident's timeline.</summary>
    public static TheoryData<FailureMode, string> Releases => new()
    {
        { FailureMode.None, "8a2c5e0" },
        { FailureMode.CacheOff, "b71e4d8" },
        { FailureMode.SlowQuery, "c95a017" },
        { FailureMode.PoolSaturation, "d40f3b2" },
        { FailureMode.Combined, "d40f3b2" },
    };

    public static TheoryData<FailureMode> Modes => [.. Enum.GetValues<FailureMode>()];

    /// <summary>The contract's table: each cell must say what the contract's cell says, in whatever words.</summary>
    [Theory]
    [InlineData(FailureMode.None, "none", "on", "fast", "normal", "none")]
    [InlineData(FailureMode.CacheOff, "cache_off", "off", "fast", "normal", "breadcrumb")]
    [InlineData(FailureMode.SlowQuery, "slow_query", "off", "2 s", "normal", "latency alert")]
    [InlineData(FailureMode.PoolSaturation, "pool_saturation", "off", "fast", "exhausted", "timeout")]
    [InlineData(FailureMode.Combined, "combined", "off", "2 s", "exhausted", "latency spike")]
    public void All_EachMode_SaysWhatTheContractSays(FailureMode mode, string name, string cache, string query, string pool, string signal)
    {
        var info = FailureModes.All[(int)mode];

        Assert.Equal((mode, name, cache), (info.Mode, info.Name, info.Cache));
        Assert.Contains(query, info.Query, StringComparison.Ordinal);
        Assert.StartsWith(pool, info.Pool, StringComparison.Ordinal);
        Assert.Contains(signal, info.ExpectedSignal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailureMode.PoolSaturation, "500")]
    [InlineData(FailureMode.Combined, "errors")]
    public void All_ModesThatExhaustThePool_AnnounceErrors(FailureMode mode, string error) =>
        Assert.Contains(error, FailureModes.All[(int)mode].ExpectedSignal, StringComparison.Ordinal);

    [Fact]
    public void All_TheModes_AreFiveAndComplete() => Assert.Equal(Enum.GetValues<FailureMode>(), FailureModes.All.Select(info => info.Mode));

    [Theory]
    [MemberData(nameof(Modes))]
    public void TryParse_NameOfAMode_FindsIt(FailureMode mode)
    {
        Assert.True(FailureModes.TryParse(mode.Name(), out var found));
        Assert.Equal(mode, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("None")]
    [InlineData("cacheoff")]
    [InlineData(" combined")]
    [InlineData("1")]
    public void TryParse_AnythingElse_FindsNothing(string name) => Assert.False(FailureModes.TryParse(name, out _));

    [Theory]
    [MemberData(nameof(DesignTable))]
    public void AreFaulty_EveryModeButNone_IsTrue(FailureMode mode, Traits traits) => Assert.Equal(mode != FailureMode.None, traits.AreFaulty);

    [Fact]
    public void AreFaulty_OneTraitAlone_IsEnough()
    {
        var healthy = FailureModes.TraitsOf(FailureMode.None, new ServiceSettings(), new FaultTimings());

        Assert.All(
            [
                healthy with { CacheEnabled = false },
                healthy with { FullScan = true },
                healthy with { InjectTimeouts = true },
                healthy with { PoolLimit = 2, Contention = Contention.Continuous(2) },
            ],
            traits => Assert.True(traits.AreFaulty, $"{traits}"));
        Assert.False((healthy with { Contention = Contention.Continuous(2) }).AreFaulty);
    }

    [Theory]
    [MemberData(nameof(DesignTable))]
    public void TraitsOf_DefaultSettings_AreThoseOfTheDesignTable(FailureMode mode, Traits expected) =>
        Assert.Equal(expected, FailureModes.TraitsOf(mode, new ServiceSettings(), new FaultTimings()));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void TraitsOf_None_FollowsCacheAndQuerySettings(bool disableCache, bool slowQuery)
    {
        var settings = new ServiceSettings { DisableCache = disableCache, EnableSlowQuery = slowQuery };

        var traits = FailureModes.TraitsOf(FailureMode.None, settings, new FaultTimings());

        Assert.Equal((!disableCache, slowQuery), (traits.CacheEnabled, traits.FullScan));
    }

    [Theory]
    [MemberData(nameof(DesignTable))]
    public void TraitsOf_EveryModeButNone_OverridesCacheAndQuerySettings(FailureMode mode, Traits expected)
    {
        var settings = new ServiceSettings { DisableCache = true, EnableSlowQuery = true };

        var traits = FailureModes.TraitsOf(mode, settings, new FaultTimings());

        // None alone follows them: it then has neither cache nor index.
        Assert.Equal(mode == FailureMode.None ? expected with { CacheEnabled = false, FullScan = true } : expected, traits);
    }

    [Theory]
    [MemberData(nameof(DesignTable))]
    public void TraitsOf_EveryMode_InjectsTimeoutsWhenTold(FailureMode mode, Traits expected)
    {
        var settings = new ServiceSettings { InjectTimeoutErrors = true };

        Assert.Equal(expected with { InjectTimeouts = true }, FailureModes.TraitsOf(mode, settings, new FaultTimings()));
    }

    [Theory]
    [InlineData(FailureMode.None, 7, 300)]
    [InlineData(FailureMode.CacheOff, 7, 300)]
    [InlineData(FailureMode.SlowQuery, 7, 300)]
    [InlineData(FailureMode.PoolSaturation, 2, 1000)]
    [InlineData(FailureMode.Combined, 2, 1000)]
    public void TraitsOf_PoolSettings_HoldWhereTheModeLeavesThePoolAlone(FailureMode mode, int limit, int timeoutMs)
    {
        var settings = new ServiceSettings { PoolLimit = 7, PoolTimeout = TimeSpan.FromMilliseconds(300) };

        var traits = FailureModes.TraitsOf(mode, settings, new FaultTimings());

        Assert.Equal((limit, TimeSpan.FromMilliseconds(timeoutMs)), (traits.PoolLimit, traits.PoolTimeout));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void PlanOf_EveryMode_IsItsTraitsUnderItsNameAndTheReleaseOfItsDeploy(FailureMode mode, string release) =>
        Assert.Equal(
            new DeploymentPlan(FailureModes.TraitsOf(mode, new ServiceSettings(), new FaultTimings()), mode.Name(), release),
            FailureModes.PlanOf(mode, new ServiceSettings(), new FaultTimings()));

    [Theory]
    [MemberData(nameof(Modes))]
    public void PlanOf_WithASentryRelease_CarriesThatOne(FailureMode mode) =>
        Assert.Equal("v7", FailureModes.PlanOf(mode, new ServiceSettings { SentryRelease = "v7" }, new FaultTimings()).Release);

    [Fact]
    public void TraitsOf_NoSuchMode_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureModes.TraitsOf((FailureMode)5, new ServiceSettings(), new FaultTimings()));
}
