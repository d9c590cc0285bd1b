using MockSre.Domain.Faults;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

public sealed class AutoOffTests : FailureSwitchFixture
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    [Fact]
    public void Set_WithATtl_FallsBackToNoneExactlyThen()
    {
        var change = Switch.Set(Modes.Combined, ChangeSource.AdminApi, TwoMinutes);
        Assert.Equal(Time.GetUtcNow() + TwoMinutes, change.Until);

        Time.Advance(TwoMinutes - TimeSpan.FromMilliseconds(1));
        Assert.Equal("combined", Switch.Current.Label);

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("none", Switch.Current.Label);
        Assert.Equal(
            new DeploymentChange(Time.GetUtcNow(), 3, "combined", "none", "8a2c5e0", ChangeSource.AutoOff, null), Switch.LastChange);
    }

    [Fact]
    public void AutoOff_WithAnObserver_TellsIt()
    {
        var told = new List<DeploymentChange>();
        Switch.Set(Modes.Combined, ChangeSource.AdminApi, TwoMinutes);
        using var subscription = Switch.Subscribe(told.Add);

        Time.Advance(TwoMinutes);

        Assert.Equal([Switch.LastChange], told);
    }

    [Fact]
    public void Set_ByHandBeforeTheTtlEnds_CancelsTheAutoOff()
    {
        Switch.Set(Modes.Combined, ChangeSource.AdminApi, TwoMinutes);
        Time.Advance(TimeSpan.FromMinutes(1));
        Switch.Set(Modes.SlowQuery, ChangeSource.AdminApi);

        Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal("slow_query", Switch.Current.Label);
        Assert.Equal(3, Switch.History.Count);
    }

    [Fact]
    public void Set_AgainWithALaterTtl_OnlyTheLaterCounts()
    {
        Switch.Set(Modes.Combined, ChangeSource.AdminApi, TwoMinutes);
        Time.Advance(TimeSpan.FromMinutes(1));
        Switch.Set(Modes.Combined, ChangeSource.AdminApi, TwoMinutes);

        Time.Advance(TimeSpan.FromMinutes(1.5));
        Assert.Equal("combined", Switch.Current.Label);

        Time.Advance(TimeSpan.FromMinutes(0.5));
        Assert.Equal("none", Switch.Current.Label);
    }

    [Fact]
    public void Set_NoneWithATtl_MeansForEver()
    {
        var change = Switch.Set(Modes.None, ChangeSource.AdminApi, TwoMinutes);

        Time.Advance(TimeSpan.FromDays(1));

        Assert.Null(change.Until);
        Assert.Same(change, Switch.LastChange);
    }

    [Fact]
    public void Dispose_BeforeTheTtlEnds_CancelsTheAutoOff()
    {
        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi, TwoMinutes);

        Switch.Dispose();
        Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("cache_off", Switch.LastChange.To);
    }

    [Fact]
    public void AutoOff_FiringJustAsSomebodySetsAMode_DoesNotUndoThat()
    {
        var time = new LateTimeProvider();
        using var failures = new FailureSwitch(new ServiceSettings(), new FaultTimings(), Store, time);
        failures.Set(Modes.Combined, ChangeSource.AdminApi, TwoMinutes);
        failures.Set(Modes.SlowQuery, ChangeSource.AdminApi);

        var timer = Assert.Single(time.Timers);
        timer.Fire();

        Assert.True(timer.IsDisposed);
        Assert.Equal("slow_query", failures.Current.Label);
        Assert.Equal(3, failures.History.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(0.999)]
    [InlineData(86_400.001)]
    public void Set_TtlOutOfRange_ThrowsAndChangesNothing(double seconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Switch.Set(Modes.Combined, ChangeSource.AdminApi, TimeSpan.FromSeconds(seconds)));
        Assert.Single(Switch.History);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(86_400)]
    public void Set_TtlAtTheEdge_TurnsOff(int seconds)
    {
        Switch.Set(Modes.Combined, ChangeSource.AdminApi, TimeSpan.FromSeconds(seconds));

        Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal("none", Switch.Current.Label);
    }
}
