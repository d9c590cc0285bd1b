using MockSre.Domain.Failures;

namespace MockSre.Domain.Tests.Failures;

public sealed class ImportTests : FailureSwitchFixture
{
    [Fact]
    public async Task Publish_AnotherDeploymentWhileARequestIsUnderWay_EndsTheImport()
    {
        var traits = FailureModes.PlanOf(FailureMode.None, Settings, new FaultTimings()).Traits;
        Switch.Publish(new DeploymentPlan(traits with { ImportRate = 40 }, null, "abc1234"), ChangeSource.Incident);
        var request = Switch.Enter();
        Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Store.Appended == 40);

        Switch.Restore(ChangeSource.Incident);
        for (var second = 0; second < 5; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(40, Store.Appended);
        request.Leave();
    }
}
