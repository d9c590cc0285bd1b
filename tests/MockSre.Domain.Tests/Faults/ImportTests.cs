using MockSre.Domain.Faults;
using MockSre.Domain.Faults.GrowingTable;

namespace MockSre.Domain.Tests.Faults;

public sealed class ImportTests : FailureSwitchFixture
{
    [Fact]
    public async Task Publish_AnotherDeploymentWhileARequestIsUnderWay_EndsTheImport()
    {
        var traits = Modes.PlanOf(Modes.None, Settings, new FaultTimings()).Traits;
        Switch.Publish(new DeploymentPlan(traits.With(GrowingTableFault.RowsPerS, 40), null, "abc1234"), ChangeSource.Incident);
        var request = Switch.BeginRequest();
        Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Store.Appended == 40);

        Switch.Publish(new DeploymentPlan(traits.With(GrowingTableFault.RowsPerS, 7), null, "abc1235"), ChangeSource.Incident);
        var next = Switch.BeginRequest();
        for (var second = 1; second <= 3; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.EqualAsync(40 + (7 * second), () => Store.Appended);
        }

        request.EndRequest();
        next.EndRequest();
    }
}
