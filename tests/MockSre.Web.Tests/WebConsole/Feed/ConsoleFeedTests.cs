using MockSre.Domain.Faults;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Load;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.Tests.WebConsole.Feed;

public class ConsoleFeedTests : ComponentTest
{
    private readonly List<ConsoleSnapshot> _told = [];

    [Fact]
    public void Tell_ASecondPasses_GivesAllWatchersTheSameSnapshot()
    {
        var others = new List<ConsoleSnapshot>();
        using var one = Feed.Subscribe(_told.Add);
        using var other = Feed.Subscribe(others.Add);

        Advance(1);

        Assert.Same(Assert.Single(_told), Assert.Single(others));
        Assert.Same(_told[0], Feed.Current);
    }

    [Fact]
    public void Tell_NothingChangesWithinTheSecond_TellsNothing()
    {
        using var watch = Feed.Subscribe(_told.Add);

        Request();
        Advance(0.9);

        Assert.Empty(_told);
    }

    [Fact]
    public void Tell_EachSecond_IsToldOnce()
    {
        using var watch = Feed.Subscribe(_told.Add);

        Advance(5);

        Assert.Equal(5, _told.Count);
        Assert.Equal(Enumerable.Range(1, 5), _told.Select(snapshot => (int)(snapshot.At - SentSignal.Start).TotalSeconds));
    }

    [Fact]
    public void Tell_TheModeChanges_TellsWithinAGlance()
    {
        using var watch = Feed.Subscribe(_told.Add);

        Failures.Set(Modes.Combined, ChangeSource.AdminApi);
        Time.Advance(ConsoleFeed.PollInterval);

        var told = Assert.Single(_told);
        Assert.Equal(("combined", SmallPoolFault.CutLimit, true), (told.Change.To, told.Pool.Limit, told.Traits[FullScanFault.Enabled]));
    }

    [Fact]
    public async Task Tell_AnIncidentRunBeginsAndEnds_TellsEachWithinAGlance()
    {
        using var watch = Feed.Subscribe(_told.Add);

        var run = await Runs.StartAsync(new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromMinutes(10)));
        Time.Advance(ConsoleFeed.PollInterval);
        var incident = Assert.Single(_told).Incident;
        Assert.Equal((run.Incident.Id, Time.GetUtcNow().AddMinutes(10) - ConsoleFeed.PollInterval), (incident?.Id, incident?.EndsAt));
        Assert.Equal([IncidentState.Armed], incident!.States.Select(state => state.State));

        await Runs.CloseAsync(run.Incident.Id, CloseReason.Cancelled).WithinGuard();
        Time.Advance(ConsoleFeed.PollInterval);
        Assert.Null(_told[^1].Incident);
    }

    [Fact]
    public void Tell_TheSameModeAgain_IsAChangeToo()
    {
        using var watch = Feed.Subscribe(_told.Add);

        Failures.Set(Modes.None, ChangeSource.AdminApi);
        Time.Advance(ConsoleFeed.PollInterval);

        Assert.Equal(2, Assert.Single(_told).Change.Deployment);
    }

    [Fact]
    public async Task Tell_ALoadBeginsAndEnds_TellsEachWithinAGlance()
    {
        using var watch = Feed.Subscribe(_told.Add);

        var run = Start(new LoadPlan.ClosedLoop(1, 1));
        Time.Advance(ConsoleFeed.PollInterval);
        Assert.Equal(LoadState.Running, Assert.Single(_told).Burst?.State);

        await Eventually.EqualAsync(1, () => Service.UnderWay);
        Service.AnswerNext(200);
        await run.Completion.WithinGuard();
        Time.Advance(ConsoleFeed.PollInterval);

        Assert.Equal([LoadState.Running, LoadState.Completed], _told.Select(snapshot => snapshot.Burst!.State));
    }

    [Fact]
    public void Tell_TheInboxIsCleared_TellsWithinAGlance()
    {
        Inbox.Add(new SentError().Envelope(), SignalState.Local);
        using var watch = Feed.Subscribe(_told.Add);

        Inbox.Clear();
        Time.Advance(ConsoleFeed.PollInterval);

        Assert.Equal(0, Assert.Single(_told).Signals.Errors);
    }

    [Fact]
    public void Tell_SomethingTakesItselfOff_IsToldAsWell()
    {
        Failures.Set(Modes.CacheOff, ChangeSource.AdminApi, TimeSpan.FromSeconds(1.25));
        using var watch = Feed.Subscribe(_told.Add);

        Advance(1.4);

        Assert.Equal(["cache_off", "none"], _told.Select(snapshot => snapshot.Change.To));
    }

    [Fact]
    public async Task Current_LoadsOfBothKinds_AreTheNewestBurstAndTheTrafficThatRuns()
    {
        var traffic = Start(new LoadPlan.OpenLoop(5));
        Start(new LoadPlan.ClosedLoop(3, 1));
        Assert.Equal(("load-2", "load-1"), (Feed.Current.Burst?.Id, Feed.Current.Traffic?.Id));

        await traffic.CancelAsync().WithinGuard();

        Assert.Equal(("load-2", null), (Feed.Current.Burst?.Id, Feed.Current.Traffic?.Id));
    }

    [Fact]
    public void Current_NobodyWatches_IsMadeEachTime()
    {
        var before = Feed.Current;
        Failures.Set(Modes.Combined, ChangeSource.AdminApi);

        Assert.Equal(("none", "combined"), (before.Change.To, Feed.Current.Change.To));
    }

    [Fact]
    public void Refresh_AfterAClick_TellsEverybodyAtOnceAndNotAgain()
    {
        using var watch = Feed.Subscribe(_told.Add);
        Failures.Set(Modes.Combined, ChangeSource.Console);

        Feed.Refresh();
        Assert.Equal("combined", Assert.Single(_told).Change.To);

        Advance(0.9);
        Assert.Single(_told);
    }

    [Fact]
    public void Tell_AWatcherThrows_HarmsNobody()
    {
        using var broken = Feed.Subscribe(_ => throw new InvalidOperationException("broken"));
        using var watch = Feed.Subscribe(_told.Add);

        Advance(2);

        Assert.Equal(2, _told.Count);
        Assert.Equal(2, Feed.Watchers);
    }

    [Fact]
    public void Groups_UntilTheInboxChanges_AreMadeOnceHoweverManySeconds()
    {
        Inbox.Add(new SentError().Envelope(), SignalState.Local);
        using var watch = Feed.Subscribe(_told.Add);

        Advance(2);
        Assert.Equal(2, _told.Count);
        Assert.Single(_told[0].Groups.Value.Issues);
        Inbox.Clear();
        Advance(1);

        Assert.Same(_told[0].Groups, _told[1].Groups);
        Assert.Empty(_told[^1].Groups.Value.Issues);
    }
}
