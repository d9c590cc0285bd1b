using MockSre.Domain.Faults;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.Tests.WebConsole.Chart;

public class ChartFrameTests
{
    private static readonly DateTimeOffset Now = Seconds.Start.AddSeconds(300.7);

    [Fact]
    public void Of_AnyMoment_ShowsTheLast120WholeSeconds()
    {
        var frame = ChartFrame.Of(Seconds.Snapshot(Now), [], []);

        Assert.Equal((Seconds.Start.AddSeconds(180), Seconds.Start.AddSeconds(300)), (frame.From, frame.To));
        Assert.Equal(120, frame.Seconds.Count);
        Assert.All(frame.Seconds, Assert.Null);
    }

    [Theory]
    [InlineData(179, null)]
    [InlineData(180, 0)]
    [InlineData(240, 60)]
    [InlineData(299, 119)]
    [InlineData(300, null)]
    public void Of_ASecond_StandsInItsColumnOrNowhere(int second, int? column)
    {
        var frame = ChartFrame.Of(Seconds.Snapshot(Now, Seconds.Of(second, 1)), [], []);

        Assert.Equal(column, Array.FindIndex([.. frame.Seconds], shown => shown is not null) is var found and >= 0 ? found : null);
    }

    [Fact]
    public void Of_NoRequestsAndNoErrors_LookDifferent()
    {
        var frame = ChartFrame.Of(Seconds.Snapshot(Now, Seconds.Of(180, 0), Seconds.Of(181, 3)), [], []);

        Assert.Equal(("", "M1.1 100v-2h.8v2z"), (frame.Errors, frame.Served));
    }

    [Fact]
    public void Of_Latencies_AreDrawnOnOneAxisThatHoldsTheHighest()
    {
        var frame = ChartFrame.Of(
            Seconds.Snapshot(Now, Seconds.Of(180, 2, errors: 1, okP95Ms: 200, errorP95Ms: 900), Seconds.Of(181, 1, okP95Ms: 400)), [], []);

        Assert.Equal(1000, frame.Latency.MaxMs);
        Assert.Equal("M0.5 90L1.5 80", frame.OkP50.Path);
        Assert.Equal("M0.5 80L1.5 60", frame.OkP95.Path);
        Assert.Equal("M0.5 10h0", frame.ErrorP95.Dots);
        Assert.Equal("M0.1 100v-50h.8v50z", frame.Errors);
    }

    [Fact]
    public void Of_ALatencyThatHasLeftTheWindow_StretchesTheAxisNoMore() =>
        Assert.Equal(
            AxisScale.LeastMs,
            ChartFrame.Of(Seconds.Snapshot(Now, Seconds.Of(179, 1, okP95Ms: 5000), Seconds.Of(181, 1, okP95Ms: 5)), [], []).Latency.MaxMs);

    [Fact]
    public void Of_ChangesFromBeforeAReset_AreGoneLikeTheFigures()
    {
        var reset = Seconds.Snapshot(Now) with { Since = Now.AddSeconds(-20) };
        DeploymentChange[] changes = [Change(-21), Change(-19)];

        var frame = ChartFrame.Of(reset, changes, []);

        Assert.Equal(Now.AddSeconds(-19), Assert.Single(frame.Markers).At);

        static DeploymentChange Change(double seconds) =>
            new(Now.AddSeconds(seconds), 2, "none", "combined", "d40f3b2", ChangeSource.AdminApi, null);
    }
}
