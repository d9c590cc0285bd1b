using MockSre.Domain.Load;

namespace MockSre.Domain.Tests.Load;

public sealed class ClosedLoopTests : LoadGeneratorFixture
{
    [Theory]
    [InlineData(25, 4)]
    [InlineData(3, 100)]
    [InlineData(1, 1)]
    public async Task ClosedLoop_AllAnswered_SendsExactlyItsNumber(int requests, int concurrency)
    {
        Service.Answer = _ => 200;

        var run = Start(new LoadPlan.ClosedLoop(requests, concurrency));
        await run.Completion.WithinGuard();

        var report = run.Report();
        Assert.Equal((LoadState.Completed, requests, 0), (report.State, report.Sent, report.InFlight));
        Assert.Equal(new Dictionary<int, int> { [200] = requests }, report.ByStatus);
        Assert.Equal(Time.GetUtcNow(), report.EndedAt);
        Assert.Equal(requests, Service.Users.Count);
    }

    [Fact]
    public async Task ClosedLoop_UntilAnswered_KeepsItsConcurrencyUnderWayAndNoMore()
    {
        var run = Start(new LoadPlan.ClosedLoop(12, 5));
        for (var answered = 0; answered < 12; answered++)
        {
            var underWay = Math.Min(5, 12 - answered);
            await Eventually.EqualAsync(underWay, () => run.Report().InFlight);
            Assert.Equal(LoadState.Running, run.Report().State);
            await Eventually.EqualAsync(underWay, () => Service.UnderWay);
            Service.AnswerNext(200);
            await Eventually.EqualAsync(answered + 1, () => run.Report().ByStatus.GetValueOrDefault(200));
        }

        await run.Completion.WithinGuard();
        Assert.Equal(5, Service.Most);
    }

    [Fact]
    public async Task ClosedLoop_OneAtATime_AsksForTheUsersInTurn()
    {
        Service.Answer = _ => 200;

        await Start(new LoadPlan.ClosedLoop(23, 1)).Completion.WithinGuard();

        Assert.Equal(Enumerable.Range(0, 23).Select(i => (i % 10) + 1), Service.Users);
    }

    [Fact]
    public async Task Report_AnswersOfSeveralKinds_CountsEach()
    {
        Service.Answer = user => user switch
        {
            1 => 500,
            2 => 404,
            3 => throw new HttpRequestException("refused"),
            4 => throw new IOException("reset"),
            5 => throw new InvalidOperationException("nobody foresaw this"),
            _ => 200,
        };

        var run = Start(new LoadPlan.ClosedLoop(20, 1));
        await run.Completion.WithinGuard();

        var report = run.Report();
        Assert.Equal(new Dictionary<int, int> { [200] = 10, [404] = 2, [500] = 2 }, report.ByStatus);
        Assert.Equal((6, 0, LoadState.Completed), (report.NoAnswer, report.InFlight, report.State));
    }

    [Fact]
    public async Task Report_SlowAnswersAndFastErrors_HasPercentilesOfAllAndOfThe200s()
    {
        var run = Start(new LoadPlan.ClosedLoop(4, 1));
        foreach (var (i, (status, ms)) in new[] { (200, 2000), (500, 100), (500, 100), (500, 100) }.Index())
        {
            await Eventually.EqualAsync(i + 1, () => Service.Users.Count);
            Time.Advance(TimeSpan.FromMilliseconds(ms));
            Service.AnswerNext(status);
        }

        await run.Completion.WithinGuard();
        var report = run.Report();
        Assert.InRange(report.Latency!.P50Ms, 99, 101);
        Assert.InRange(report.Latency.P95Ms, 1980, 2020);
        Assert.InRange(report.OkLatency!.P50Ms, 1980, 2020);
    }

    [Fact]
    public async Task Report_WithoutAnswers_HasNoPercentiles()
    {
        Service.Answer = _ => throw new HttpRequestException("refused");

        var run = Start(new LoadPlan.ClosedLoop(2, 1));
        await run.Completion.WithinGuard();

        Assert.Equal((null, null), (run.Report().Latency, run.Report().OkLatency));
    }

    [Fact]
    public async Task CancelAsync_UnderWay_SendsNoMoreAndGivesUpTheRest()
    {
        var run = Start(new LoadPlan.ClosedLoop(50, 5));
        await Eventually.EqualAsync(5, () => Service.UnderWay);

        await run.CancelAsync().WithinGuard();

        var report = run.Report();
        Assert.Equal((LoadState.Cancelled, 5, 0, 5), (report.State, report.Sent, report.InFlight, report.NoAnswer));
        Assert.Equal(0, Service.UnderWay);
        Assert.False(run.IsRunning);
    }

    [Fact]
    public async Task CancelAsync_AfterItsEnd_LeavesItCompleted()
    {
        Service.Answer = _ => 200;
        var run = Start(new LoadPlan.ClosedLoop(1, 1));
        await run.Completion.WithinGuard();

        await run.CancelAsync().WithinGuard();

        Assert.Equal(LoadState.Completed, run.Report().State);
    }
}
