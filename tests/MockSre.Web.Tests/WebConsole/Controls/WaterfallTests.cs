using Bunit;
using MockSre.Domain.Signals;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class WaterfallTests : ComponentTest
{
    private static readonly DateTimeOffset Begun = new(2026, 3, 12, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Render_NestedSpans_StandInsideEachOtherAtTheirTimes()
    {
        var waterfall = Show(Span("a", "root", 100, 500), Span("b", "a", 200, 300), Span("c", "b", 250, 10), Span("d", "root", 700, 300));

        Assert.Equal(
            ["", "padding-left: 24px", "padding-left: 40px", "padding-left: 56px", "padding-left: 24px"],
            waterfall.FindAll("tbody th").Select(span => span.GetAttribute("style") ?? ""));
        Assert.Equal(
            [
                "margin-left: 0; width: 100%", "margin-left: 10%; width: 50%", "margin-left: 20%; width: 30%",
                "margin-left: 25%; width: 1%",
                "margin-left: 70%; width: 30%",
            ],
            waterfall.FindAll(".bar").Select(bar => bar.GetAttribute("style")));
        Assert.Equal(
            ["0 ms", "100 ms", "200 ms", "250 ms", "700 ms"], waterfall.FindAll("tbody tr").Select(row => row.Children[1].TextContent));
    }

    [Theory]
    [InlineData(900, 500, "margin-left: 90%; width: 10%")]
    [InlineData(-100, 200, "margin-left: 0%; width: 20%")]
    [InlineData(1200, 10, "margin-left: 100%; width: 0%")]
    public void Render_ASpanBeyondItsTransaction_StaysWithinThePicture(int offset, int duration, string style) =>
        Assert.Equal(style, Show(Span("a", "root", offset, duration)).FindAll(".bar")[1].GetAttribute("style"));

    [Fact]
    public void Render_ATransactionOfNoTime_DividesByNothing()
    {
        var waterfall = Show(Transaction([Span("a", "root", 0, 0)]) with { Duration = TimeSpan.Zero });

        Assert.Equal("margin-left: 0%; width: 0%", waterfall.FindAll(".bar")[1].GetAttribute("style"));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("ok", false)]
    [InlineData("deadline_exceeded", true)]
    public void Render_ASpanThatWentWrong_IsMarkedAndNamed(string? status, bool bad)
    {
        var waterfall = Show(Span("a", "root", 0, 10) with { Status = status });

        Assert.Equal(bad ? [status!] : [], waterfall.FindAll("tr.bad i").Select(text => text.TextContent));
    }

    [Fact]
    public void Render_SpansLeftOut_AreSaid() => Assert.Equal(
        "1,001 more spans are only in the raw JSON.", Show(Transaction([]) with { SpansLeftOut = 1001 }).Find("p").TextContent);

    private static SignalSpan Span(string id, string parent, int offsetMs, int durationMs) => new(
        id, parent, "db.query", "SELECT 1", "ok", Begun.AddMilliseconds(offsetMs), TimeSpan.FromMilliseconds(durationMs),
        new Dictionary<string, string>());

    private static TransactionSignal Transaction(IReadOnlyList<SignalSpan> spans) => new()
    {
        At = Begun.AddSeconds(1),
        Started = Begun,
        Duration = TimeSpan.FromSeconds(1),
        SpanId = "root",
        Spans = spans,
    };

    private IRenderedComponent<Waterfall> Show(params SignalSpan[] spans) => Show(Transaction(spans));

    private IRenderedComponent<Waterfall> Show(TransactionSignal transaction) =>
        Render<Waterfall>(it => it.Add(waterfall => waterfall.Transaction, transaction));
}
