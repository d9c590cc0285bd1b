using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

public sealed class FailureSwitchTests : FailureSwitchFixture
{
    [Fact]
    public void Current_AtStart_IsTheConfiguredMode()
    {
        Settings = new ServiceSettings { FailureMode = "slow_query" };

        Assert.Equal("slow_query", Switch.Current.Label);
        Assert.Equal(
            new DeploymentChange(Time.GetUtcNow(), 1, null, "slow_query", "c95a017", ChangeSource.Startup, null), Switch.LastChange);
        Assert.Equal([Switch.LastChange], Switch.History);
    }

    [Fact]
    public void Set_AnotherMode_MeetsTheNextRequest()
    {
        var change = Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);
        var entered = Switch.BeginRequest();

        Assert.Equal(new DeploymentChange(Time.GetUtcNow(), 2, "none", "cache_off", "b71e4d8", ChangeSource.AdminApi, null), change);
        Assert.Same(Switch.Current, entered);
        Assert.Equal("cache_off", entered.Label);
        Assert.False(entered.Traits[CacheOffFault.Enabled]);
        entered.EndRequest();
    }

    [Fact]
    public async Task Set_WhileARequestIsUnderWay_LeavesItItsDeployment()
    {
        var entered = Switch.BeginRequest();
        await ReadAsync(entered).WithinGuard();

        Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi);
        await ReadAsync(entered, userId: 2).WithinGuard();

        Assert.Equal("none", entered.Label);
        Assert.Equal(2, Store.Lookups);
        entered.EndRequest();
    }

    [Fact]
    public async Task Set_TheSameMode_BringsAFreshCache()
    {
        var entered = Switch.BeginRequest();
        await ReadAsync(entered).WithinGuard();
        entered.EndRequest();
        Switch.Set(Modes.None, ChangeSource.Reset);

        entered = Switch.BeginRequest();
        await ReadAsync(entered).WithinGuard();
        entered.EndRequest();

        Assert.Equal(2, Store.Lookups);
    }

    [Fact]
    public void Set_TheDatabaseCannotBeOpened_ThrowsAndLeavesNothingOpen()
    {
        var before = Switch.Current;
        Store.BeforeOpen = FailAtSecond;

        Assert.Throws<IOException>(() => Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi));

        Assert.Same(before, Switch.Current);
        Assert.Equal(0, Store.Undisposed);

        void FailAtSecond()
        {
            if (Store.Opened.Count == 1)
            {
                throw new IOException("no second connection");
            }
        }
    }

    [Fact]
    public void History_OfManyChanges_KeepsTheNewestHundred()
    {
        for (var i = 0; i < 105; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Switch.Set(i % 2 == 0 ? Modes.CacheOff : Modes.None, ChangeSource.AdminApi);
        }

        var history = Switch.History;
        Assert.Equal(100, history.Count);
        Assert.Same(Switch.LastChange, history[0]);
        Assert.All(history.Zip(history.Skip(1)), pair => Assert.Equal(pair.First.At, pair.Second.At + TimeSpan.FromSeconds(1)));
        Assert.All(history.Zip(history.Skip(1)), pair => Assert.Equal(pair.First.From, pair.Second.To));
    }

    [Fact]
    public void History_OfEachSource_SaysWhoItWas()
    {
        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi, TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        Switch.Set(Modes.None, ChangeSource.Reset);

        Assert.Equal(
            [ChangeSource.Reset, ChangeSource.AutoOff, ChangeSource.AdminApi, ChangeSource.Startup],
            Switch.History.Select(change => change.Source));
    }

    [Fact]
    public void Subscribe_AChange_IsToldOnceItHolds()
    {
        var told = new List<(DeploymentChange Change, string? Label, DeploymentChange Last, DeploymentChange Newest)>();
        using var subscription = Switch.Subscribe(change => told.Add((change, Switch.Current.Label, Switch.LastChange, Switch.History[0])));

        var change = Switch.Set(Modes.Combined, ChangeSource.AdminApi);

        Assert.Equal([(change, "combined", change, change)], told);
    }

    [Fact]
    public void Subscribe_Disposed_IsToldNoMore()
    {
        var told = 0;
        var subscription = Switch.Subscribe(_ => told++);
        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);

        subscription.Dispose();
        Switch.Set(Modes.None, ChangeSource.AdminApi);

        Assert.Equal(1, told);
    }

    [Fact]
    public void Subscribe_DisposedTwice_LeavesAnotherOfTheSameObserver()
    {
        var told = 0;
        Action<DeploymentChange> observer = _ => told++;
        var first = Switch.Subscribe(observer);
        using var second = Switch.Subscribe(observer);

        first.Dispose();
        first.Dispose();
        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);

        Assert.Equal(1, told);
    }

    [Fact]
    public void Publish_APlanOfNoMode_IsInForceWithoutALabel()
    {
        var traits = Switch.Current.Traits.With(CacheOffFault.LifetimeMs, 5000);

        var change = Switch.Publish(new DeploymentPlan(traits, Label: null, "0d9a3f8"), ChangeSource.AdminApi);

        Assert.Equal((traits, null, "0d9a3f8"), (Switch.Current.Traits, Switch.Current.Label, Switch.Current.Release));
        Assert.Equal((null, "0d9a3f8"), (change.To, change.Release));
        Assert.Null(Switch.Set(Modes.None, ChangeSource.Reset).From);
    }

    [Fact]
    public void Publish_ATtlThatIsNone_ChangesNothing()
    {
        var before = Switch.Current;
        var plan = new DeploymentPlan(before.Traits, Label: null, "0d9a3f8");

        Assert.Throws<ArgumentOutOfRangeException>(() => Switch.Publish(plan, ChangeSource.AdminApi, TimeSpan.FromSeconds(-5)));

        Assert.Same(before, Switch.Current);
        Assert.Empty(Switch.Draining);
    }

    [Fact]
    public void Subscribe_FromWithinANotice_DoesNotDeadlock()
    {
        var told = 0;
        using var subscription = Switch.Subscribe(change =>
        {
            if (change.To != "none")
            {
                Switch.Subscribe(_ => told++);
                Switch.Set(Modes.None, ChangeSource.AdminApi);
            }
        });

        Switch.Set(Modes.Combined, ChangeSource.AdminApi);

        Assert.Equal("none", Switch.Current.Label);
        Assert.Equal(1, told);
    }

    [Fact]
    public void Set_PoolSaturation_HasTheExportsLeasesBeforeAnybodyIsTold()
    {
        PoolStatus? seen = null;
        using var subscription = Switch.Subscribe(_ => seen = Switch.Current.Pool);

        Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi);

        Assert.Equal((2, 2, ActivityExport.Owner), (seen!.Value.Limit, seen.Value.InUse, seen.Value.LongestHeld!.Value.Owner));
    }

    [Fact]
    public async Task PoolSaturation_EveryRequest_TimesOutAfterOneSecondFromTheFirstOn()
    {
        Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi);
        for (var request = 0; request < 3; request++)
        {
            var entered = Switch.BeginRequest();
            var reading = ReadAsync(entered);
            Time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.False(reading.IsCompleted);
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Assert.ThrowsAsync<PoolTimeoutException>(() => reading.WithinGuard());
            entered.EndRequest();
        }

        Assert.Equal(3, Switch.Current.Pool.Timeouts);
        Assert.Equal(0, Store.Lookups);
    }

    [Fact]
    public async Task Replaced_WithARequestUnderWay_DrainsWhenThatLeaves()
    {
        var entered = Switch.BeginRequest();
        await ReadAsync(entered).WithinGuard();

        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);
        Assert.Equal([entered.Pool], Switch.Draining);
        Assert.Equal(1, Store.Undisposed);

        entered.EndRequest();
        Assert.Empty(Switch.Draining);
        Assert.Equal(0, Store.Undisposed);
    }

    [Fact]
    public void Replaced_PoolSaturationWithoutRequests_GivesEveryLeaseBack()
    {
        Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi);
        var replaced = Switch.Current;

        Switch.Set(Modes.None, ChangeSource.AdminApi);

        Assert.Empty(Switch.Draining);
        Assert.Equal(0, replaced.Pool.InUse);
        Assert.Equal(0, Store.Undisposed);
    }

    [Fact]
    public async Task Replaced_CombinedDuringABurst_GivesEveryLeaseBack()
    {
        Switch.Set(Modes.Combined, ChangeSource.AdminApi);
        var replaced = Switch.BeginRequest();
        Time.Advance(TimeSpan.FromSeconds(3.2));
        await Eventually.TrueAsync(() => replaced.Pool.InUse == 2);

        Switch.Set(Modes.None, ChangeSource.AdminApi);
        replaced.EndRequest();

        Assert.Empty(Switch.Draining);
        await Eventually.TrueAsync(() => replaced.Pool is { InUse: 0, Waiting: 0 } && Store.Undisposed == 0);
    }

    [Fact]
    public void Dispose_NoRequestUnderWay_ClosesEverything()
    {
        Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi);

        Switch.Dispose();
        Switch.Dispose();

        Assert.Equal(2, Store.Opened.Count);
        Assert.Equal(0, Store.Undisposed);
    }

    [Fact]
    public async Task Dispose_ARequestUnderWay_LetsItEnd()
    {
        var entered = Switch.BeginRequest();

        Switch.Dispose();
        await ReadAsync(entered).WithinGuard();
        entered.EndRequest();

        Assert.Equal(0, Store.Undisposed);
    }

    [Fact]
    public async Task Enter_Disposed_Throws()
    {
        Switch.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Task.Run(() => Switch.BeginRequest()).WithinGuard());
    }

    [Fact]
    public void Set_Disposed_ThrowsAndOpensNothing()
    {
        Switch.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Switch.Set(Modes.PoolSaturation, ChangeSource.AdminApi));
        Assert.Equal(0, Store.Undisposed);
    }
}
