using MockSre.Domain.Incidents;
using static MockSre.Domain.Incidents.IncidentEvent;

namespace MockSre.Domain.Tests.Incidents;

public sealed class ServiceLevelBreakTests
{
    private const int HealthyS = 20;

    private static readonly IncidentPlan Plan = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios")).Plan("incident_b");

    // Two of the 25 requests in five seconds are more than five of a hundred: the 24th of them, the p95 by nearest rank, is slow.
    [Fact]
    public void Of_TwoSlowRequestsInFiveSeconds_IsTheFirstWindowThatHoldsBoth() =>
        Assert.Equal(HealthyS - 3 + 2.5, BrokenAt(slowEach: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));

    [Fact]
    public void Of_OneSlowRequestInFiveSeconds_IsNever() => Assert.Null(BrokenAt(slowEach: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]));

    [Fact]
    public void Of_SecondsWithoutLatencies_IsNever()
    {
        var dossier = NewDossier();
        for (var second = 0; second < HealthyS; second++)
        {
            dossier.Apply(Second(dossier, second, count: 0, []));
        }

        Assert.Null(ServiceLevelBreak.Of(dossier));
    }

    private static double? BrokenAt(int[] slowEach)
    {
        const int Each = 5;
        var dossier = NewDossier();
        for (var second = 0; second < HealthyS + slowEach.Length; second++)
        {
            var slow = second < HealthyS ? 0 : slowEach[second - HealthyS];
            dossier.Apply(Second(
                dossier, second, Each, [.. Enumerable.Repeat(1.0, Each - slow), .. Enumerable.Repeat(Plan.ServiceLevel.P95Ms + 1, slow)]));
        }

        return (ServiceLevelBreak.Of(dossier) - dossier.StartedAt)?.TotalSeconds;
    }

    private static Dossier NewDossier() => new("measured", Plan, DateTimeOffset.UnixEpoch, TimeProvider.System);

    private static SecondCounted Second(Dossier dossier, int second, int count, IReadOnlyList<double> latencies) =>
        new(dossier.At(second), Plan.Deploys[0].Release, count, 0, 0, 0, count, count, 0, latencies);
}
