using Bunit;
using MockSre.Domain.Incidents.Grading;
using MockSre.Web.WebConsole.Incidents;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class ScorePanelTests : ComponentTest
{
    private static readonly Score Score = new(
        0.6123,
        [new("verdict", 0.15, 1, "The verdict is right."), new("root_cause", 0.3, 0.6667, "2 of 3 culprits, 1 false accusation.")],
        3,
        12.5,
        61,
        null,
        [new("last_deploy", 0.31), new("every_commit", 0.7)]);

    [Fact]
    public void Render_AScore_TakesItApart()
    {
        var panel = Show(Score);

        Assert.Equal("61.2 of 100, less 4 for extra diagnoses", panel.Find(".total").TextContent);
        Assert.Equal(
            ["verdict|15|100|The verdict is right.", "root cause|30|66.7|2 of 3 culprits, 1 false accusation."],
            panel.FindAll(".parts tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim()))));
        Assert.Equal(["width: 100%", "width: 66.67%"], panel.FindAll(".parts .fill").Select(bar => bar.GetAttribute("style")));
        Assert.Equal(["12.5 s", "1 min 1 s", "–", "3"], panel.FindAll(".facts dd").Select(value => value.TextContent));
    }

    [Fact]
    public void Render_TrivialInvestigators_StandBesideItOnOneScaleTheBestFirst()
    {
        var panel = Show(Score);

        Assert.Equal(
            ["every commit", "this investigator", "last deploy"], panel.FindAll(".beside th").Select(name => name.FirstChild!.TextContent));
        Assert.Equal(
            ["width: 70%", "width: 61.23%", "width: 31%"], panel.FindAll(".beside .fill").Select(bar => bar.GetAttribute("style")));
        Assert.Equal("this investigator", panel.Find(".beside .own th").TextContent);
    }

    [Fact]
    public void Render_TrivialInvestigators_AreExplained()
    {
        var names = TrivialInvestigator.All(ConstantAnswer.BestFor(Scenarios.Catalog)).Select(trivial => trivial.Name).ToList();
        var panel = Show(Score with { Beside = [.. names.Select(name => new TrivialScore(name, 0.1))] });

        Assert.Equal("Compared with simple strategies", panel.Find(".beside h3").TextContent);
        Assert.Equal(names.Count, panel.FindAll(".beside th .note").Count);
    }

    [Fact]
    public void Render_EvidenceBesideThePoint_IsListed()
    {
        const string Reason =
            "1 of 3 citations relevant, 1 of 5 required facts shown; missing: the page; irrelevant: log:9, deploy:1.";
        var panel = Show(Score with { Parts = [new("evidence", 0.15, 0.2, Reason)] });

        Assert.Equal(["log:9", "deploy:1"], panel.FindAll(".why code").Select(id => id.TextContent));
        Assert.StartsWith(
            "1 of 3 citations relevant, 1 of 5 required facts shown; missing: the page.",
            panel.Find(".why").TextContent.Trim(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NobodyCouldInvestigate_SaysSo() =>
        Assert.Contains("so it has no score", Show(null).Markup, StringComparison.Ordinal);

    private IRenderedComponent<ScorePanel> Show(Score? score) => Render<ScorePanel>(panel => panel.Add(it => it.Score, score));
}
