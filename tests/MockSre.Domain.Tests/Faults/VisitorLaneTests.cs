using MockSre.Domain.Faults;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Faults;

/// <summary>A deployment serves requests from outside apart from the run's own load.</summary>
public sealed class VisitorLaneTests : FailureSwitchFixture
{
    private static readonly TimeSpan Scan = TimeSpan.FromMilliseconds(2100);

    [Fact]
    public void BeginVisit_NobodyReads_OpensNothingAndBeginsNoJob()
    {
        Publish(Combined());

        var entered = Switch.BeginVisit();
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(Store.Opened);
        Assert.Equal(default(ExportStatus), entered.Export);
        entered.EndVisit();
    }

    [Fact]
    public async Task VisitorProfiles_EveryConnectionTaken_TakesNoneOfTheDeployment()
    {
        Store.Reading = cancellationToken => Task.Delay(Scan, Time, cancellationToken);
        var deployment = Publish(Combined());
        var visits = Enumerable.Range(0, 10).Select(_ => VisitAsync()).ToList();
        await Eventually.TrueAsync(() => Store.Scans == 2);

        Assert.Equal((0, 0), (deployment.Pool.InUse, deployment.Pool.Waiting));
        var own = Switch.BeginRequest();
        var read = ReadAsync(own);

        await Eventually.TrueAsync(() => Store.Scans == 3);
        Assert.Equal((1, 0L), (deployment.Pool.InUse, deployment.Pool.Timeouts));
        await FollowAsync(() => read.IsCompleted && visits.TrueForAll(visit => visit.IsCompleted));
        Assert.NotNull(await read);
        Assert.Equal(
            (2, 8),
            (
                visits.Count(visit => visit.IsCompletedSuccessfully),
                visits.Count(visit => visit.Exception?.InnerException is PoolTimeoutException)));
        Assert.Equal(0, deployment.Pool.Timeouts);
        own.EndRequest();
    }

    [Fact]
    public async Task VisitorProfiles_DuringABurst_FailAsTheDeploymentDoes()
    {
        var own = Publish(Combined());
        Switch.BeginRequest();
        await VisitAsync().WithinGuard();
        Time.Advance(TimeSpan.FromSeconds(3.2));
        await Eventually.TrueAsync(() => own.Pool.InUse == 2);

        await VisitUntilAsync(visit => visit.Exception?.InnerException is PoolTimeoutException);

        // The visits advanced the clock by an unknown time. Small steps find the end of the burst.
        await FollowAsync(() => own.Pool.InUse == 0);
        await VisitUntilAsync(visit => visit.IsCompletedSuccessfully);
        own.EndRequest();
    }

    [Fact]
    public async Task VisitorProfiles_FirstVisitorInABurst_MeetsIt()
    {
        var own = Publish(Combined());
        Switch.BeginRequest();
        Time.Advance(TimeSpan.FromSeconds(3.2));
        await Eventually.TrueAsync(() => own.Pool.InUse == 2);
        Time.Advance(TimeSpan.FromSeconds(1));

        var visit = VisitAsync();
        await FollowAsync(() => visit.IsCompleted);

        await Assert.ThrowsAsync<PoolTimeoutException>(() => visit);
        own.EndRequest();
    }

    [Fact]
    public async Task VisitorProfiles_ExportThatLeavesConnections_AreAllServed()
    {
        Store.Reading = cancellationToken => Task.Delay(Scan, Time, cancellationToken);
        var own = Publish(Combined().With(SmallPoolFault.Limit, 20));
        Switch.BeginRequest();
        Time.Advance(TimeSpan.FromSeconds(3.2));
        await Eventually.TrueAsync(() => own.Pool.InUse == 2);

        var visits = Enumerable.Range(0, Deployment.VisitorConnections).Select(_ => VisitAsync()).ToList();
        await FollowAsync(() => visits.TrueForAll(visit => visit.IsCompleted));

        Assert.All(visits, visit => Assert.True(visit.IsCompletedSuccessfully));
        own.EndRequest();
    }

    [Fact]
    public async Task Replaced_WithAVisitorUnderWay_StopsItsJobsAndClosesTheLaneWhenTheVisitorLeaves()
    {
        Publish(Combined().With(GrowingTableFault.RowsPerS, 60));
        var own = Switch.BeginRequest();
        var visitor = Switch.BeginVisit();
        await visitor.VisitorProfiles.ReadAsync(1, new FakeTelemetry(), CancellationToken.None).WithinGuard();
        own.EndRequest();

        Switch.Set(Modes.None, ChangeSource.AdminApi);

        // After the import's first second, and before the first burst of the export in the visitors' lane.
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Empty(Switch.Draining);
        Assert.Equal((0, 1), (Store.Appended, Store.Undisposed));
        visitor.EndVisit();
        Assert.Equal(0, Store.Undisposed);
    }

    [Fact]
    public async Task Replaced_LaneWithACache_DisposesTheCacheWhenTheLastVisitorLeaves()
    {
        Publish(Modes.PlanOf(Modes.None, new(), new FaultTimings()).Traits);
        var visitor = Switch.BeginVisit();
        var profiles = visitor.VisitorProfiles;
        await ReadAsync();
        Switch.Set(Modes.None, ChangeSource.AdminApi);
        await ReadAsync();

        visitor.EndVisit();

        await Assert.ThrowsAsync<ObjectDisposedException>(ReadAsync);

        Task ReadAsync() => profiles.ReadAsync(1, new FakeTelemetry(), CancellationToken.None).WithinGuard();
    }

    [Fact]
    public async Task VisitorProfiles_ExportWithoutBursts_HoldsTheirConnectionsToo()
    {
        var own = Publish(Combined().With(SmallPoolFault.ExportFreeMs, 0));

        var visit = VisitAsync();
        await FollowAsync(() => visit.IsCompleted);

        await Assert.ThrowsAsync<PoolTimeoutException>(() => visit);
        Assert.Equal(2, own.Pool.InUse);
    }

    [Fact]
    public void VisitorProfiles_ExportThatCannotHaveItsConnections_LeavesNoneOpen()
    {
        var own = Publish(Combined().With(SmallPoolFault.ExportFreeMs, 0));
        var opened = 0;
        Store.BeforeOpen = () =>
        {
            if (++opened == 2)
            {
                throw new IOException("No connection today.");
            }
        };

        Assert.Throws<IOException>(() => own.VisitorProfiles);

        Assert.Equal((3, 2), (Store.Opened.Count, Store.Undisposed));
    }

    [Fact]
    public void BeginVisit_DeploymentThatSeparatesNobody_IsAUseLikeAnyOther()
    {
        var entered = Switch.BeginVisit();

        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);
        Assert.Equal([entered.Pool], Switch.Draining);

        entered.EndVisit();
        Assert.Empty(Switch.Draining);
    }

    private static TraitSet Combined() => Modes.PlanOf(Modes.Combined, new(), new FaultTimings()).Traits;

    private Deployment Publish(TraitSet traits)
    {
        Switch.Publish(new DeploymentPlan(traits, null, "d40f3b2") { SeparatesVisitors = true }, ChangeSource.Incident);
        return Switch.Current;
    }

    private async Task VisitAsync()
    {
        var entered = Switch.BeginVisit();
        try
        {
            await entered.VisitorProfiles.ReadAsync(1, new FakeTelemetry(), CancellationToken.None);
        }
        finally
        {
            entered.EndVisit();
        }
    }

    // The export in the visitors' lane takes and returns its connections on other threads. No property shows it, so visits are repeated.
    private async Task VisitUntilAsync(Func<Task, bool> wished)
    {
        var begun = TimeProvider.System.GetTimestamp();
        Task visit;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Eventually.Guard);
            visit = VisitAsync();
            await FollowAsync(() => visit.IsCompleted);
        }
        while (!wished(visit));
    }

    // Advances the clock in small steps until a condition is met.
    private Task FollowAsync(Func<bool> wished) => Eventually.TrueAsync(() =>
    {
        if (!wished())
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return wished();
    });
}
