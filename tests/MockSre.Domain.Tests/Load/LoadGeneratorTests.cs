using MockSre.Domain.Load;

namespace MockSre.Domain.Tests.Load;

public sealed class LoadGeneratorTests : LoadGeneratorFixture
{
    private static readonly LoadPlan.ClosedLoop Closed = new(50, 10);
    private static readonly LoadPlan.OpenLoop Open = new(5);

    [Fact]
    public void TryStart_OneOfTheSameKindRuns_GivesThatOne()
    {
        var running = Start(Closed);

        Assert.False(Generator.TryStart(new LoadPlan.ClosedLoop(1, 1), out var inTheWay));

        Assert.Same(running, inTheWay);
        Assert.Single(Generator.Runs);
    }

    [Fact]
    public void TryStart_OneOfTheOtherKindRuns_StartsBeside()
    {
        var closed = Start(Closed);
        var open = Start(Open);

        Assert.True(closed.IsRunning && open.IsRunning);
        Assert.Equal([open, closed], Generator.Runs);
    }

    [Fact]
    public async Task TryStart_TheLastOneCancelled_Starts()
    {
        await Start(Open).CancelAsync().WithinGuard();

        Assert.True(Generator.TryStart(Open, out _));
    }

    [Fact]
    public async Task TryStart_TheLastOneFailedUnforeseen_Starts()
    {
        Service.Answer = _ => throw new InvalidOperationException("nobody foresaw this");
        await Start(Closed).Completion.WithinGuard();

        Assert.True(Generator.TryStart(Closed, out _));
    }

    [Fact]
    public async Task Runs_OfMany_KeepsTheLastTwentyAndWhatStillRuns()
    {
        Service.Answer = _ => 200;
        var open = Start(Open);
        var closed = new List<LoadRun>();
        for (var i = 0; i < 25; i++)
        {
            closed.Add(Start(new LoadPlan.ClosedLoop(1, 1)));
            await closed[^1].Completion.WithinGuard();
        }

        Assert.Equal([.. closed.TakeLast(19).Reverse(), open], Generator.Runs);
        Assert.Same(closed[^1], Generator.Find(closed[^1].Id));
        Assert.Null(Generator.Find(closed[0].Id));
        Assert.Equal(26, closed.Append(open).DistinctBy(run => run.Id).Count());
    }

    [Fact]
    public void Find_NoSuchLoad_GivesNull() => Assert.Null(Generator.Find("load-1"));

    [Fact]
    public async Task StopAsync_Running_CancelsEveryLoadAndMayStartAnew()
    {
        LoadRun[] runs = [Start(Closed), Start(Open)];

        await Generator.StopAsync().WithinGuard();
        await Generator.StopAsync().WithinGuard();

        Assert.All(runs, run => Assert.Equal(LoadState.Cancelled, run.Report().State));
        Assert.True(Generator.TryStart(Closed, out _));
    }

    [Fact]
    public async Task DisposeAsync_Running_StopsEverythingAndStartsNothingMore()
    {
        var run = Start(Closed);

        await DisposeAsync();

        Assert.Equal((LoadState.Cancelled, 0), (run.Report().State, Service.UnderWay));
        Assert.Throws<ObjectDisposedException>(() => Generator.TryStart(Closed, out _));
    }
}
