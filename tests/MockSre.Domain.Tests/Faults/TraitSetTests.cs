using System.Text.Json;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Faults.InjectedTimeouts;
using MockSre.Domain.Faults.SmallPool;

namespace MockSre.Domain.Tests.Faults;

public sealed class TraitSetTests
{
    private static readonly TraitSet Cut = TraitSet.Empty.With(SmallPoolFault.Limit, 2).With(SmallPoolFault.TimeoutMs, 1000);

    [Fact]
    public void Value_OfASettingThatIsNotSet_IsTheHealthyOne() =>
        Assert.Equal(
            (true, false, 20),
            (TraitSet.Empty[CacheOffFault.Enabled], TraitSet.Empty[FullScanFault.Enabled], TraitSet.Empty[SmallPoolFault.Limit]));

    [Fact]
    public void Then_SameSettingTwice_KeepsTheLaterValueAndAllOthers()
    {
        var raised = Cut.Then(TraitSet.Empty.With(SmallPoolFault.TimeoutMs, 2000));

        Assert.Equal((2, 2000), (raised[SmallPoolFault.Limit], raised[SmallPoolFault.TimeoutMs]));
        Assert.Equal(TimeSpan.FromSeconds(2), raised.Time(SmallPoolFault.TimeoutMs));
    }

    [Fact]
    public void Overlaps_SetsOfOneSetting_IsTrueWhateverTheValues()
    {
        Assert.True(Cut.Overlaps(TraitSet.Empty.With(SmallPoolFault.Limit, 40)));
        Assert.False(Cut.Overlaps(TraitSet.Empty.With(FullScanFault.Enabled, true)));
        Assert.False(Cut.Overlaps(TraitSet.Empty));
    }

    [Fact]
    public void Equals_SameValuesInAnotherOrder_IsTrue()
    {
        var other = TraitSet.Empty.With(SmallPoolFault.TimeoutMs, 1000).With(SmallPoolFault.Limit, 2);

        Assert.True(Cut == other);
        Assert.Equal(Cut.GetHashCode(), other.GetHashCode());
        Assert.False(Cut == other.With(SmallPoolFault.Limit, 3));
        Assert.False(Cut == Cut.With(FullScanFault.Enabled, true));
    }

    [Fact]
    public void Each_OfASet_IsASetOfOneForEachSetting() => Assert.Equal(
        [TraitSet.Empty.With(SmallPoolFault.Limit, 2), TraitSet.Empty.With(SmallPoolFault.TimeoutMs, 1000)], Cut.Each);

    [Fact]
    public void WithRatesTimes_AFactor_MultipliesRatesAlone()
    {
        var traits = Cut.With(GrowingTableFault.RowsPerS, 60).WithRatesTimes(8);

        Assert.Equal((480, 2), (traits[GrowingTableFault.RowsPerS], traits[SmallPoolFault.Limit]));
    }

    [Fact]
    public void HasFault_OneFaultAlone_IsTrue()
    {
        var export = FaultCatalog.Healthy.With(SmallPoolFault.ExportLeases, 2);

        Assert.All(
            [
                FaultCatalog.Healthy.With(CacheOffFault.Enabled, false),
                FaultCatalog.Healthy.With(FullScanFault.Enabled, true),
                FaultCatalog.Healthy.With(InjectedTimeoutsFault.Enabled, true),
                export.With(SmallPoolFault.Limit, 2),
            ],
            traits => Assert.True(traits.HasFault, $"{traits}"));
        Assert.False(export.HasFault);
        Assert.False(FaultCatalog.Healthy.HasFault);
    }

    [Fact]
    public void Json_OfEverySetting_ReadsBackTheSame()
    {
        var json = JsonSerializer.Serialize(FaultCatalog.Healthy);

        Assert.Equal(FaultCatalog.Healthy, JsonSerializer.Deserialize<TraitSet>(json));
        Assert.Contains("\"export\":{\"leases\":0,", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "pool_size": 2 }""")]
    [InlineData("""{ "pool_limit": "2" }""")]
    [InlineData("""{ "pool_limit": 2.5 }""")]
    [InlineData("""{ "full_scan": 1 }""")]
    [InlineData("""{ "pool_limit": null }""")]
    [InlineData("""{ "pool_limit": 2, "pool_limit": 3 }""")]
    [InlineData("""{ "export": { "leases": 2, "rows": 1 } }""")]
    [InlineData("""{ "export": { "export": { "leases": 2 } } }""")]
    [InlineData("""{ "export": 2 }""")]
    [InlineData("""[]""")]
    public void Json_ThatIsNoTraits_Throws(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TraitSet>(json));
}
