using Bunit;
using MockSre.Domain.Incidents.Running;
using MockSre.Web.WebConsole.Incidents;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class HistoryPanelTests : ComponentTest
{
    private static readonly IncidentHeader Good = IncidentRecords.HeaderOf(IncidentRecords.Closed("aa"));

    private static readonly IncidentHeader Bad =
        IncidentRecords.HeaderOf(IncidentRecords.Closed("bb", rightly: false)) with { StartedAt = IncidentRecords.Start.AddHours(1) };

    [Fact]
    public void Render_NoRuns_SaysSo() => Assert.Contains("No runs yet.", Show().Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_Runs_StandInTheirOrderWithTheWayToEach()
    {
        var panel = Show(Bad, Good);

        Assert.Equal(["incidents/bb", "incidents/aa"], panel.FindAll("tbody a").Select(link => link.GetAttribute("href")));
        Assert.Contains("recovered, by the investigator", panel.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll(".comparison"));
    }

    [Fact]
    public void Choose_TwoRuns_ComparesThemSideBySide()
    {
        var panel = Show(Bad, Good);

        Box(panel, 0).Change(true);
        Assert.Empty(panel.FindAll(".comparison"));
        Box(panel, 1).Change(true);

        var rows = panel.FindAll(".comparison tbody tr").ToDictionary(row => row.Children[0].TextContent, row => row);
        Assert.Equal(["Incident B", "Incident B"], Cells(rows["scenario"]));
        Assert.Equal([Points(Bad), Points(Good)], Cells(rows["score"]));
        Assert.Equal(["", "best"], rows["score"].Children.Skip(1).Select(cell => cell.ClassName ?? ""));
        Assert.Equal(
            ["verdict", "localisation", "root cause", "evidence", "repair"], rows.Keys.SkipWhile(name => name != "score").Skip(1).Take(5));
        Assert.Equal(["–", "1 min 35 s"], Cells(rows["time to repair"]));
        Assert.Contains("best simple strategy", rows.Keys);
        Assert.Equal(["no", "no"], Cells(rows["blind"]));
        Assert.Equal(["bb", "aa"], panel.FindAll(".comparison thead a").Select(link => link.TextContent));

        Box(panel, 0).Change(false);
        Assert.Empty(panel.FindAll(".comparison"));
    }

    [Fact]
    public void Choose_AsManyAsCanBeCompared_LocksTheOthers()
    {
        var panel = Show([.. Enumerable.Range(0, HistoryPanel.MostCompared + 1).Select(i => Good with { Id = $"run{i}" })]);

        for (var i = 0; i < HistoryPanel.MostCompared; i++)
        {
            Box(panel, i).Change(true);
        }

        Assert.Equal(
            HistoryPanel.MostCompared, Box(panel, HistoryPanel.MostCompared).HasAttribute("disabled") ? HistoryPanel.MostCompared : -1);
        Assert.False(Box(panel, 0).HasAttribute("disabled"));
    }

    [Fact]
    public void Rows_TheSameEverywhere_AreBestNowhere() =>
        Assert.All(ComparisonRow.Of([Good, Good]), row => Assert.All(row.Cells, cell => Assert.False(cell.IsBest, row.Name)));

    [Fact]
    public void Rows_TheTimeToTheAlert_IsNobodysMerit() =>
        Assert.All(
            ComparisonRow.Of(
                [Good, Good with { Score = Good.Score! with { DetectS = 1 } }]).Single(row => row.Name == ScorePanel.AlertAfter).Cells,
            cell => Assert.False(cell.IsBest));

    [Fact]
    public void Render_Runs_NamesEachShortlyAndSaysWhetherItWasBlind()
    {
        var cells = Show(Good with { Id = "0123456789", IsBlind = true }).FindAll("tbody td").Select(cell => cell.TextContent).ToList();

        Assert.Equal("012345", cells[1]);
        Assert.Equal("yes", cells[6]);
    }

    private static string Points(IncidentHeader run) => ScorePanel.Points(run.Score!.Total);

    private static IEnumerable<string> Cells(AngleSharp.Dom.IElement row) => row.Children.Skip(1).Select(cell => cell.TextContent);

    private static AngleSharp.Dom.IElement Box(IRenderedComponent<HistoryPanel> panel, int row) => panel.FindAll("tbody input")[row];

    private IRenderedComponent<HistoryPanel> Show(params IncidentHeader[] runs) =>
        Render<HistoryPanel>(panel => panel.Add(it => it.Runs, runs));
}
