using Bunit;
using MockSre.Domain.Load;
using MockSre.Domain.Traffic;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

/// <summary>The progress of a load in the panel.</summary>
public class LoadProgressTests : ComponentTest
{
    private static readonly DateTimeOffset Begun = new(2026, 3, 12, 10, 0, 0, TimeSpan.Zero);

    private static readonly LoadReport Running = new(
        "load-1", new LoadPlan.ClosedLoop(1200, 10), LoadState.Running, Begun, null, 17, 10,
        new Dictionary<int, int> { [500] = 2, [200] = 4 }, 1, 0, new Percentiles(5, 1000, 1000), null)
    {
        Took = TimeSpan.FromSeconds(3),
    };

    [Fact]
    public void Render_NoLoad_ShowsNoProgress() => Assert.Empty(Show(null).FindAll(".progress"));

    [Fact]
    public void Render_ALoadUnderWay_ShowsWhatCameBackByStatus()
    {
        var panel = Show(Running);

        Assert.Equal("Firing 1,200 requests, 10 at a time", panel.Find("[role=status]").TextContent);
        Assert.Equal("7 of 1200", panel.Find("[role=progressbar]").GetAttribute("aria-valuetext"));
        Assert.Equal(
            ["200 4", "500 2", "no answer 1", "in flight 10", "p50 5.0 ms", "p95 1.0 s", "started, UTC 10:00:00", "duration 3.0 s"],
            panel.FindAll(".counts > div").Select(row => $"{row.FirstElementChild!.TextContent} {row.LastElementChild!.TextContent}"));
        Assert.Equal(["good", "bad", "bad"], panel.FindAll(".counts > div").Take(3).Select(row => row.ClassName));
    }

    [Fact]
    public void Render_MoreAnswers_LeaveTheSpokenSentenceAsItIs()
    {
        var panel = Show(Running);
        var before = panel.Find("[role=status]").TextContent;

        panel.Render(it => it.Add(panel => panel.Burst, Running with { ByStatus = new Dictionary<int, int> { [200] = 900 } }));

        Assert.Equal(before, panel.Find("[role=status]").TextContent);
        Assert.Equal("901 of 1200", panel.Find("[role=progressbar]").GetAttribute("aria-valuetext"));
    }

    [Theory]
    [InlineData(LoadState.Completed, "1,200 requests fired: 4 × 200, 2 × 500")]
    [InlineData(LoadState.Cancelled, "Cancelled after 6 answers of 1,200")]
    public void Render_ALoadThatEnded_SaysHowAndOffersTheNext(LoadState state, string headline)
    {
        var panel = Show(Running with
        {
            State = state,
            EndedAt = Begun.AddSeconds(2.1),
            Took = TimeSpan.FromSeconds(2.1),
            InFlight = 0,
            NoAnswer = 0,
            Latency = null,
        });

        Assert.Equal(headline, panel.Find("[role=status]").TextContent);
        Assert.Equal(["200", "500", "started, UTC", "duration"], panel.FindAll(".counts dt").Select(name => name.TextContent));
        Assert.Equal("2.1 s", panel.FindAll(".counts dd")[^1].TextContent);
        Assert.Contains("Fire 50 requests", panel.Find(".fire").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "5 requests a second, 12,345 so far")]
    [InlineData(1000, "5 requests a second, 12,345 so far, 1,000 skipped")]
    public void Render_Traffic_SaysHowMuchCame(int skipped, string text)
    {
        var panel = Render<LoadPanel>(it => it.Add(
            panel => panel.Traffic, Running with { Plan = new LoadPlan.OpenLoop(5), Sent = 12_345, Skipped = skipped }));

        Assert.Equal(text, panel.Find(".steady > span").TextContent);
    }

    [Fact]
    public void Render_NoTraffic_SaysWhatItWouldBe() =>
        Assert.Equal("5 requests a second until switched off", Show(null).Find(".steady > span").TextContent);

    private IRenderedComponent<LoadPanel> Show(LoadReport? burst) =>
        Render<LoadPanel>(panel => panel.Add(it => it.Burst, burst));
}
