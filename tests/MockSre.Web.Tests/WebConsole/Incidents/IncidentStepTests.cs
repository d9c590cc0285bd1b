using MockSre.Domain.Incidents.Evidence;
using MockSre.Web.WebConsole.Incidents;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class IncidentStepTests
{
    [Fact]
    public void ForPresenter_OpenRun_ShowsWhatIsStillToCome()
    {
        var steps = IncidentStep.ForPresenter([At(0, IncidentState.Armed), At(75, IncidentState.Injected)]);

        Assert.Equal(["healthy", "fault deployed", "impact confirmed", "investigating", "recovered"], steps.Select(step => step.Name));
        Assert.Equal([0, 75, null, null, null], steps.Select(step => (step.At - IncidentRecords.Start)?.TotalSeconds));
    }

    [Fact]
    public void ForPresenter_BrokenAgainAfterItHadRecovered_HasNotRecovered()
    {
        var steps = IncidentStep.ForPresenter(
        [
            At(0, IncidentState.Armed), At(125, IncidentState.Investigating),
            At(200, IncidentState.Recovered), At(220, IncidentState.Investigating),
        ]);

        Assert.Null(steps[^1].At);
        Assert.Equal(IncidentRecords.Start.AddSeconds(220), steps[3].At);
    }

    [Theory]
    [InlineData(IncidentState.Recovered, CloseReason.Finished, "closed: by the investigator", false)]
    [InlineData(IncidentState.Closed, CloseReason.Finished, "closed: by the investigator", false)]
    [InlineData(IncidentState.Invalid, CloseReason.NotWitnessed, "invalid: the impact was not measured", true)]
    [InlineData(IncidentState.Abandoned, CloseReason.Restarted, "abandoned: the service stopped", true)]
    public void ForPresenter_ClosedRun_EndsWithHowItEnded(IncidentState state, CloseReason reason, string name, bool isBad)
    {
        var steps = IncidentStep.ForPresenter([At(0, IncidentState.Armed), At(75, IncidentState.Injected), At(90, state, reason)]);

        Assert.Equal(["healthy", "fault deployed", name], steps.Select(step => step.Name));
        Assert.Equal(isBad, steps[^1].IsBad);
    }

    [Fact]
    public void ForInvestigator_OpenRun_TellsOnlyOpenAlertActionAndClosed()
    {
        var steps = IncidentStep.ForInvestigator(IncidentRecords.Start, null, [], null);

        Assert.Equal(
            [("open", true), ("alert", false), ("last action", false), ("closed", false)],
            steps.Select(step => (step.Name, step.At is not null)));
    }

    private static StateChanged At(double seconds, IncidentState state, CloseReason? closed = null) =>
        new(IncidentRecords.Start.AddSeconds(seconds), state, closed);
}
