using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Load;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.Tests.WebConsole.Chart;

public class ChartMarkerTests : LoadGeneratorFixture
{
    private static readonly DateTimeOffset To = Seconds.Start.AddSeconds(120);

    public ChartMarkerTests() => Time.Advance(TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(-0.001, false)]
    [InlineData(0, true)]
    [InlineData(119.999, true)]
    [InlineData(120, false)]
    public void Of_AChangeAtTheEndsOfTheAxis_IsInOrOut(double seconds, bool shown) =>
        Assert.Equal(shown ? 1 : 0, Of(Change(seconds)).Count);

    [Fact]
    public void Of_AChange_StandsWhereItHappenedUnderItsNewMode()
    {
        var marker = Assert.Single(Of(Change(30)));

        Assert.Equal(new ChartMarker(Seconds.Start.AddSeconds(30), 0.25, "combined", MarkerKind.Deployment, 0), marker);
    }

    [Fact]
    public void Of_AChangeToNoMode_IsNamedByItsRelease() => Assert.Equal("d40f3b2", Assert.Single(Of(Change(30, mode: null))).Label);

    [Theory]
    [InlineData(ChangeSource.Incident)]
    [InlineData(ChangeSource.Investigator)]
    public void Of_ADeployOfAnIncidentRun_IsNamedByItsReleaseAndNotByTheScenario(ChangeSource source) =>
        Assert.Equal("d40f3b2", Assert.Single(Of(Change(30, "incident_b", source))).Label);

    [Fact]
    public void Of_AnAlert_StandsWhereItRang()
    {
        var marker = Assert.Single(ChartMarker.Of(
            Seconds.Start,
            To,
            [],
            [],
            new IncidentEvent.AlertRaised(Seconds.Start.AddSeconds(60), Seconds.Start.AddSeconds(50), 0.9, IsMeasured: true)));

        Assert.Equal((0.5, "alert", MarkerKind.Alert), (marker.Position, marker.Label, marker.Kind));
    }

    [Fact]
    public void Of_ClocksThatDisagree_StandsOnTheAxisByItsOwn()
    {
        var marker = Assert.Single(ChartMarker.Of(Seconds.Start, To, [Change(3630)], [], drift: TimeSpan.FromHours(1)));

        Assert.Equal((0.25, Seconds.Start.AddSeconds(30)), (marker.Position, marker.At));
    }

    [Fact]
    public void Of_TheStart_IsNoChange() => Assert.Empty(Of(Change(30, source: ChangeSource.Startup)));

    [Fact]
    public void Of_Loads_AreNamedByWhatTheySend()
    {
        Start(new LoadPlan.ClosedLoop(50, 10));
        Start(new LoadPlan.OpenLoop(0.5));

        Assert.Equal(
            [(0.25, "traffic 0.5/s (+1)", MarkerKind.Load)],
            Of().Select(marker => (marker.Position, marker.Label, marker.Kind)));
    }

    [Fact]
    public void Of_ALoadAlone_IsNamedByItsRequests()
    {
        Start(new LoadPlan.ClosedLoop(50, 10));

        Assert.Equal("50 requests", Assert.Single(Of()).Label);
    }

    [Fact]
    public void Of_SeveralChangesWithinASecond_AreOneUnderTheLastName()
    {
        var markers = Of(Change(30.2, "cache_off"), Change(30.9, "slow_query"), Change(30.5, "combined"), Change(31, "none"));

        Assert.Equal(["slow_query (+2)", "none"], markers.Select(marker => marker.Label));
    }

    [Fact]
    public void Of_AChangeAndALoadWithinASecond_AreTwoInTwoLanes()
    {
        Start(new LoadPlan.ClosedLoop(1, 1));

        Assert.Equal([MarkerKind.Deployment, MarkerKind.Load], Of(Change(30)).OrderBy(marker => marker.Kind).Select(marker => marker.Kind));
        Assert.Equal([0, 1], Of(Change(30)).Select(marker => marker.Lane).Order());
    }

    [Fact]
    public void Of_Neighbours_StandInLanesOfTheirOwnAndTheNewestKeepTheirNames()
    {
        var markers = Of(Change(0), Change(2), Change(4), Change(6), Change(20), Change(60));

        Assert.Equal([null, 1, 2, 0, 0, 0], markers.Select(marker => marker.Lane));
        Assert.All(markers, marker => Assert.Equal("combined", marker.Label));
    }

    [Fact]
    public void Of_NeighboursAtTheRightEnd_AreLabelledToTheirLeftWithoutCoveringEachOther()
    {
        var markers = Of(
            Change(100, "slow_query"), Change(112, "none"), Change(114, "combined"), Change(116, "pool_saturation"), Change(118, "none"));

        var labels = markers.Where(marker => marker.Lane is not null).GroupBy(marker => marker.Lane)
            .Select(lane => lane.Select(Ends).ToList());
        Assert.All(labels, lane => Assert.All(lane.Zip(lane.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Begin, $"{pair}")));
        Assert.NotNull(markers[^1].Lane);

        // A share of the axis for each letter: 8.5 of 1,100 pixels.
        static (double Begin, double End) Ends(ChartMarker marker)
        {
            var width = 0.0077 * marker.Label.Length;
            return marker.LabelIsLeft ? (marker.Position - width, marker.Position) : (marker.Position, marker.Position + width);
        }
    }

    [Fact]
    public void Of_ChangesNewestFirst_AreGivenInTheOrderOfTime() =>
        Assert.Equal(["cache_off", "combined"], Of(Change(60), Change(30, "cache_off")).Select(marker => marker.Label));

    private static DeploymentChange Change(double seconds, string? mode = "combined", ChangeSource source = ChangeSource.AdminApi) =>
        new(Seconds.Start.AddSeconds(seconds), 2, "none", mode, "d40f3b2", source, null);

    private IReadOnlyList<ChartMarker> Of(params DeploymentChange[] changes) => ChartMarker.Of(Seconds.Start, To, changes, Generator.Runs);
}
