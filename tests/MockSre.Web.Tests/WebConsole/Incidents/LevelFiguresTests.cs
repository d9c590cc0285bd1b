using MockSre.Domain.Incidents.Catalog;
using MockSre.Web.WebConsole.Feed;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class LevelFiguresTests
{
    private static readonly DateTimeOffset Now = IncidentRecords.Start.AddSeconds(100);

    [Fact]
    public void Of_TheLastHalfMinute_LeavesOutWhatIsOlder()
    {
        var figures = LevelFigures.Of(
            [Second(69, 100, 100, [9000]), Second(70, 4, 1, [10, 20, 30, 40]), Second(99, 4, 1, [50, 60, 70, 80])], Now);

        Assert.Equal(new LevelFigures(8, 0.25, 80), figures);
    }

    [Fact]
    public void Keep_WithoutRequests_IsNotKept() => Assert.False(LevelFigures.Of([], Now).Keep(new ServiceLevel(0.01, 1000)));

    [Theory]
    [InlineData(0.01, 1000, true)]
    [InlineData(0.011, 1000, false)]
    [InlineData(0.01, 1001, false)]
    public void Keep_AtItsLimits_IsKept(double errorRate, double p95Ms, bool kept) =>
        Assert.Equal(kept, new LevelFigures(10, errorRate, p95Ms).Keep(new ServiceLevel(0.01, 1000)));

    private static SecondCounted Second(int at, int count, int errors, double[] latencies) =>
        new(IncidentRecords.Start.AddSeconds(at), "r", count, errors, 0, 0, 0, 0, 0, latencies);
}
