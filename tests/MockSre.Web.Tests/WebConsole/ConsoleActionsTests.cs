using MockSre.Domain.Faults;
using MockSre.Domain.Load;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.Tests.WebConsole;

public class ConsoleActionsTests : ComponentTest
{
    [Fact]
    public async Task SetMode_Allowed_SetsItAndTellsConsolesAtOnce()
    {
        var told = new List<ConsoleSnapshot>();
        using var watch = Feed.Subscribe(told.Add);

        Assert.Null(await Actions.SetModeAsync(Modes.Combined));

        Assert.Equal(("combined", ChangeSource.Console), (Failures.LastChange.To, Failures.LastChange.Source));
        Assert.Equal("combined", Assert.Single(told).Change.To);
    }

    [Fact]
    public async Task Start_Allowed_StartsExactlyThatPlan()
    {
        var plan = new LoadPlan.ClosedLoop(7, 3);

        Assert.Null(await Actions.StartAsync(plan));

        Assert.Equal(plan, Assert.Single(Loads.Runs).Plan);
    }

    [Fact]
    public async Task Start_OneOfItsKindRuns_SaysSoAndStartsNone()
    {
        var run = Start(new LoadPlan.ClosedLoop(7, 3));

        Assert.Equal(
            $"A load of this kind is running. Wait for {run.Id}, or cancel it with DELETE /admin/load/{run.Id}.",
            await Actions.StartAsync(new LoadPlan.ClosedLoop(1, 1)));

        Assert.Single(Loads.Runs);
        Assert.Null(await Actions.StartAsync(new LoadPlan.OpenLoop(5)));
    }

    [Fact]
    public async Task Start_NoAddressThatCouldBeCalled_SaysSo()
    {
        Server.Addresses.Clear();
        Server.Addresses.Add("https://localhost:8443");

        Assert.Equal(
            "No address to call. The service listens on no address that plain HTTP over TCP can reach.",
            await Actions.StartAsync(new LoadPlan.ClosedLoop(1, 1)));
    }

    [Fact]
    public async Task Cancel_ARunningLoad_WaitsForItsEnd()
    {
        var run = Start(new LoadPlan.ClosedLoop(7, 3));

        Assert.Null(await Actions.CancelAsync(run.Id).WithinGuard());

        Assert.Equal(LoadState.Cancelled, run.Report().State);
    }

    [Fact]
    public async Task Cancel_ALoadThatIsForgotten_DoesNothing() => Assert.Null(await Actions.CancelAsync("load-99"));

    [Fact]
    public async Task Reset_AfterAnIncident_LeavesNothingOfIt()
    {
        Failures.Set(Modes.Combined, ChangeSource.AdminApi);
        Request(500);
        Inbox.Add(new SentError().Envelope(), SignalState.Local);
        var run = Start(new LoadPlan.OpenLoop(5));

        Assert.Null(await Actions.ResetAsync().WithinGuard());

        Assert.Equal(("none", ChangeSource.Reset), (Failures.LastChange.To, Failures.LastChange.Source));
        Assert.Equal((0L, 0L, false), (Metrics.Snapshot().Totals.Count, Inbox.Counts.Errors, run.IsRunning));
    }

    [Fact]
    public async Task EmptyInbox_Allowed_EmptiesItAlone()
    {
        Request(500);
        Inbox.Add(new SentError().Envelope(), SignalState.Local);

        Assert.Null(await Actions.EmptyInboxAsync());

        Assert.Empty(Inbox.Entries);
        Assert.Equal(1, Metrics.Snapshot().Totals.Count);
    }

    [Theory]
    [InlineData(false, ConsoleRights.OnlyInDemo)]
    [InlineData(true, ConsoleRights.SignInFirst)]
    public async Task AnyAction_NotAllowed_SaysWhyAndDoesNothingHoweverItIsCalled(bool demo, string refusal)
    {
        Settings = Settings with
        {
            Environment = demo ? ServiceEnvironment.Demo : ServiceEnvironment.Local,
            AdminToken = demo ? Token : null,
        };
        Request(500);
        Inbox.Add(new SentError().Envelope(), SignalState.Local);
        var run = Start(new LoadPlan.OpenLoop(5));
        var told = 0;
        using var watch = Feed.Subscribe(_ => told++);

        Assert.Equal(
            Enumerable.Repeat(refusal, 5),
            [
                await Actions.SetModeAsync(Modes.Combined),
                await Actions.StartAsync(new LoadPlan.ClosedLoop(1, 1)),
                await Actions.CancelAsync(run.Id),
                await Actions.ResetAsync(),
                await Actions.EmptyInboxAsync(),
            ]);

        Assert.Equal((1, 1, true, 0), (Failures.History.Count, Loads.Runs.Count, run.IsRunning, told));
        Assert.Equal((1L, 1L), (Metrics.Snapshot().Totals.Count, Inbox.Counts.Errors));
    }
}
