using MockSre.Domain.Faults;
using MockSre.Domain.Faults.NPlusOne;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Tests.Faults;

public sealed class NPlusOneFaultTests : FailureSwitchFixture
{
    private const string Select = "SELECT \"p\".\"activity_id\" FROM \"profile_activity\" AS \"p\" LIMIT 1";

    [Fact]
    public async Task Publish_RowByRow_ReadsRowByRow()
    {
        await ReadAsync(Publish(rowByRow: true));

        Assert.Equal((1, 0, 0), (Store.RowByRow, Store.Lookups, Store.Scans));
    }

    [Theory]
    [InlineData(101, 2, true)]
    [InlineData(20, 2, false)]
    [InlineData(101, 2000, false)]
    public void ExpectedSignal_IsManyShortQueries(int queries, int queryMs, bool isEvidence)
    {
        var query = new SentSpan("db.query", Select, TimeSpan.FromMilliseconds(queryMs));
        var request = new SentTransaction { Spans = [.. Enumerable.Repeat(query, queries)] };

        var signal = new SignalInbox(Time).Add(request.Envelope(), SignalState.Local).Signals.Single();

        Assert.Equal(isEvidence, new NPlusOneFault().ExpectedSignals.Single().IsEvidence(signal));
    }

    private Deployment Publish(bool rowByRow)
    {
        var traits = FaultCatalog.Healthy.With(NPlusOneFault.Enabled, rowByRow).With(NPlusOneFault.RoundTripUs, 2000);
        Switch.Publish(new DeploymentPlan(traits, null, "e18c5a9"), ChangeSource.Incident);
        return Switch.Current;
    }
}
