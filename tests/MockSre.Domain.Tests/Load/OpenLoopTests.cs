using MockSre.Domain.Load;

namespace MockSre.Domain.Tests.Load;

public sealed class OpenLoopTests : LoadGeneratorFixture
{
    [Fact]
    public async Task OpenLoop_ByTheClock_SendsItsRateHoweverLongAnswersTake()
    {
        var run = Start(new LoadPlan.OpenLoop(5));
        await Eventually.EqualAsync(1, () => Service.Users.Count);

        for (var sent = 2; sent <= 12; sent++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(199));
            Assert.Equal(sent - 1, Service.Users.Count);
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.EqualAsync(sent, () => Service.Users.Count);
        }

        Assert.Equal(12, run.Report().InFlight);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2], Service.Users);
    }

    [Fact]
    public async Task OpenLoop_TheClockLeapsAhead_CatchesUp()
    {
        Service.Answer = _ => 200;
        var run = Start(new LoadPlan.OpenLoop(10));
        await Eventually.EqualAsync(1, () => run.Report().Sent);

        Time.Advance(TimeSpan.FromSeconds(3));

        await Eventually.EqualAsync(31, () => run.Report().Sent);
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.EqualAsync(32, () => run.Report().Sent);
    }

    [Fact]
    public async Task OpenLoop_TooManyUnderWay_SkipsAndCounts()
    {
        const int due = LoadPlan.OpenLoop.MaxInFlight + 7;
        var run = Start(new LoadPlan.OpenLoop(LoadPlan.OpenLoop.MaxRate));
        await Eventually.EqualAsync(1, () => Service.Users.Count);

        Time.Advance(TimeSpan.FromSeconds((due - 1) / LoadPlan.OpenLoop.MaxRate));
        await Eventually.EqualAsync((LoadPlan.OpenLoop.MaxInFlight, 7), () => (run.Report().Sent, run.Report().Skipped));

        Service.AnswerNext(200);
        await Eventually.EqualAsync(LoadPlan.OpenLoop.MaxInFlight - 1, () => run.Report().InFlight);
        Time.Advance(TimeSpan.FromSeconds(1 / LoadPlan.OpenLoop.MaxRate));
        await Eventually.EqualAsync(due + 1, () => run.Report().Sent + run.Report().Skipped);
        Assert.Equal(LoadPlan.OpenLoop.MaxInFlight, Service.Most);
    }

    [Fact]
    public async Task CancelAsync_BetweenRequests_EndsAtOnce()
    {
        Service.Answer = _ => 200;
        var run = Start(new LoadPlan.OpenLoop(0.1));
        await Eventually.EqualAsync(1, () => run.Report().ByStatus.GetValueOrDefault(200));

        await run.CancelAsync().WithinGuard();

        Assert.Equal((LoadState.Cancelled, 1), (run.Report().State, run.Report().Sent));
    }

    [Fact]
    public async Task CancelAsync_RequestsUnderWay_GivesThemUp()
    {
        var run = Start(new LoadPlan.OpenLoop(1));
        await Eventually.EqualAsync(1, () => Service.UnderWay);

        await run.CancelAsync().WithinGuard();

        Assert.Equal((1, 0, Time.GetUtcNow()), (run.Report().NoAnswer, run.Report().InFlight, run.Report().EndedAt));
    }

    [Fact]
    public async Task OpenLoop_AnUnforeseenFailure_KeepsSending()
    {
        var run = Start(new LoadPlan.OpenLoop(1));
        await Eventually.EqualAsync(1, () => Service.UnderWay);
        Service.FailNext(new InvalidOperationException("nobody foresaw this"));
        await Eventually.EqualAsync(1, () => run.Report().NoAnswer);

        Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.EqualAsync(2, () => run.Report().Sent);
    }
}
