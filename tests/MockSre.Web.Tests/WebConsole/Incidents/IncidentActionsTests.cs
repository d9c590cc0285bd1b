using MockSre.Domain.Faults;
using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Load;
using MockSre.Domain.Settings;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class IncidentActionsTests : ComponentTest
{
    private static readonly IncidentOrder Order = new("incident_b", 1, Pace.Demo, IsBlind: false, TimeSpan.FromHours(1));

    private static readonly ActionSubmission Restart = new(RepairKind.Restart, null, null);
    private static readonly DiagnosisSubmission Any = new(Verdict.NothingWrong, null, [], "logging", "memory_leak", [], []);

    [Theory]
    [InlineData(false, ConsoleRights.OnlyInDemo)]
    [InlineData(true, ConsoleRights.SignInFirst)]
    public async Task AnyAction_NotAllowed_SaysWhyAndDoesNothing(bool demo, string refusal)
    {
        Settings = Settings with
        {
            Environment = demo ? ServiceEnvironment.Demo : ServiceEnvironment.Local,
            AdminToken = demo ? Token : null,
        };
        var run = await Runs.StartAsync(Order);

        Assert.Equal(
            Enumerable.Repeat(refusal, 5),
            [
                await Actions.StartIncidentAsync(Order),
                await Actions.ActAsync(run.Incident.Id, Restart),
                await Actions.DiagnoseAsync(run.Incident.Id, Any),
                await Actions.CloseIncidentAsync(run.Incident.Id),
                await Actions.CancelIncidentAsync(run.Incident.Id),
            ]);
        Assert.Same(run, OpenRun);
        Assert.Empty(run.Incident.Actions);
    }

    [Fact]
    public async Task Start_Allowed_TellsConsolesAtOnce()
    {
        Assert.Null(await Actions.StartIncidentAsync(Order));

        Assert.Equal(OpenRun!.Incident.Id, Feed.Current.Incident?.Id);
    }

    [Fact]
    public async Task Start_OneIsOpen_SaysSo()
    {
        await Runs.StartAsync(Order);

        Assert.Equal("An incident is open. One run is open at a time.", await Actions.StartIncidentAsync(Order));
    }

    [Fact]
    public async Task Start_BlindWithoutAToken_SaysWhatIsMissing() =>
        Assert.StartsWith("No admin token. ", await Actions.StartIncidentAsync(Order with { IsBlind = true }), StringComparison.Ordinal);

    [Fact]
    public async Task AnyChangeByHand_WhileARunIsOpen_SaysThatItWaits()
    {
        await Runs.StartAsync(Order);

        Assert.Equal(
            Enumerable.Repeat("An incident is open. Modes, loads and resets wait until the incident run is closed.", 3),
            [
                await Actions.SetModeAsync(Modes.Combined),
                await Actions.StartAsync(new LoadPlan.ClosedLoop(1, 1)),
                await Actions.ResetAsync(),
            ]);
    }

    [Fact]
    public async Task Investigate_BeforeTheAlert_IsTooEarlyAndCancelIsNot()
    {
        var run = await Runs.StartAsync(Order);
        var id = run.Incident.Id;

        Assert.Equal("Too early. Nothing has been paged yet.", await Actions.ActAsync(id, Restart));
        Assert.Equal("Too early. Nothing has been paged yet.", await Actions.DiagnoseAsync(id, Any));
        Assert.Equal("Too early. Nothing has been paged yet.", await Actions.CloseIncidentAsync(id));
        Assert.Null(await Actions.CancelIncidentAsync(id).WithinGuard());

        Assert.Null(OpenRun);
        Assert.Null(Feed.Current.Incident);
        Assert.Equal("Closed. This incident is closed.", await Actions.ActAsync(id, Restart));
    }
}
