using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Tests.Incidents;

public sealed class ServiceLevelBreakTests
{
    private const int HealthyS = 20;

    private static readonly IncidentPlan Plan = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios")).Plan("incident_b");

    // Five seconds have 25 requests. The p95 by nearest rank is the 24th, so two slow requests break the service level.
    [Fact]
    public void Of_TwoSlowRequestsInFiveSeconds_IsTheFirstWindowThatHoldsBoth() =>
        Assert.Equal(HealthyS - 3 + 2.5, BrokenAt(slowEach: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));

    [Fact]
    public void Of_OneSlowRequestInFiveSeconds_IsNever() => Assert.Null(BrokenAt(slowEach: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]));

    [Fact]
    public void Of_SecondsWithoutLatencies_IsNever()
    {
        var incident = NewIncident();
        for (var second = 0; second < HealthyS; second++)
        {
            incident.Apply(Second(incident, second, count: 0, []));
        }

        Assert.Null(ServiceLevelBreak.Of(incident));
    }

    private static double? BrokenAt(int[] slowEach)
    {
        const int Each = 5;
        var incident = NewIncident();
        for (var second = 0; second < HealthyS + slowEach.Length; second++)
        {
            var slow = second < HealthyS ? 0 : slowEach[second - HealthyS];
            incident.Apply(Second(
                incident, second, Each, [.. Enumerable.Repeat(1.0, Each - slow), .. Enumerable.Repeat(Plan.ServiceLevel.P95Ms + 1, slow)]));
        }

        return (ServiceLevelBreak.Of(incident) - incident.StartedAt)?.TotalSeconds;
    }

    private static IncidentRecord NewIncident() => new("measured", Plan, DateTimeOffset.UnixEpoch, TimeProvider.System);

    private static SecondCounted Second(IncidentRecord incident, int second, int count, IReadOnlyList<double> latencies) =>
        new(incident.At(second), Plan.Deploys[0].Release, count, 0, 0, 0, count, count, 0, latencies);
}
