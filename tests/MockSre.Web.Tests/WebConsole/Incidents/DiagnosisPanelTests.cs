using AngleSharp.Dom;
using Bunit;
using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Web.WebConsole.Incidents;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class DiagnosisPanelTests : ComponentTest
{
    private static readonly DiagnosisDraft Whole = new() { Verdict = Verdict.Ongoing, Component = "logging", Mechanism = "memory_leak" };

    private DiagnosisDraft _draft = new();
    private int _submitted;
    private string? _tooEarly;

    [Fact]
    public void Render_AnyRun_OffersTheSameWordsAsTheApi()
    {
        var panel = Show();

        Assert.Equal(["", "ongoing", "recovered", "nothing_wrong"], Options(panel, 0));
        Assert.Equal(Scenarios.Catalog.Vocabulary.Components.Prepend(""), Options(panel, 1));
        Assert.Equal(Scenarios.Catalog.Vocabulary.Mechanisms.Prepend(""), Options(panel, 2));
    }

    [Fact]
    public void Fill_AllOfIt_MakesADiagnosisThatCanBeSubmitted()
    {
        var panel = Show();
        Assert.True(Button(panel, "Submit the diagnosis").HasAttribute("disabled"));

        panel.FindAll(".form select")[0].Change("ongoing");
        panel.FindAll(".form select")[1].Change("connection_pool");
        panel.FindAll(".form select")[2].Change("pool_exhaustion");
        panel.Find(".form input").Change("09:01:20");
        panel.FindAll(".blame input")[1].Change(true);
        panel.FindAll(".add select")[0].Change(nameof(RepairKind.SetConfig));
        panel.FindAll(".add input")[0].Change("db_pool_limit");
        panel.FindAll(".add input")[1].Change(" 20 ");
        Button(panel, "add").Click();

        Assert.Equivalent(
            new DiagnosisSubmission(
                Verdict.Ongoing,
                IncidentRecords.Start.AddSeconds(80),
                ["2222222"],
                "connection_pool",
                "pool_exhaustion",
                [],
                [new ActionSubmission(RepairKind.SetConfig, "db_pool_limit", "20")]),
            _draft.ToSubmission(IncidentRecords.Start));
        Button(panel, "Submit the diagnosis").Click();
        Assert.Equal(1, _submitted);
    }

    [Fact]
    public void Submit_WithAnOnsetThatIsNoTime_IsLockedAndSaysWhy()
    {
        _draft = Whole with { Onset = "noon" };
        var panel = Show();

        Assert.True(Button(panel, "Submit the diagnosis").HasAttribute("disabled"));
        Assert.Contains("The onset is a time of day such as", panel.Find(".submit").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Onset_ThatIsNoTime_IsMarkedAndExplainedBesideIt()
    {
        var panel = Show();
        Assert.False(panel.Find(".form input").HasAttribute("aria-invalid"));

        panel.Find(".form input").Change("noon");
        var onset = panel.Find(".form input");
        Assert.Equal("true", onset.GetAttribute("aria-invalid"));
        Assert.Contains(
            "time of day such as", panel.Find($"#{onset.GetAttribute("aria-describedby")}").TextContent, StringComparison.Ordinal);

        panel.Find(".form input").Change("09:01");
        Assert.False(panel.Find(".form input").HasAttribute("aria-invalid"));
    }

    [Fact]
    public void Render_TooEarly_LetsItBeWrittenButNotSubmittedAndSaysWhy()
    {
        (_draft, _tooEarly) = (Whole, "Not before noon.");
        var panel = Show();

        Assert.False(panel.Find(".form input").HasAttribute("disabled"));
        Assert.True(Button(panel, "Submit the diagnosis").HasAttribute("disabled"));
        Assert.Contains("Not before noon.", panel.Find(".submit").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRepair_WithoutWhatItNeeds_AddsNothing()
    {
        var panel = Show();

        Button(panel, "add").Click();
        panel.FindAll(".add select")[0].Change(nameof(RepairKind.SetConfig));
        panel.FindAll(".add input")[0].Change("db_pool_limit");
        Button(panel, "add").Click();
        Assert.Empty(_draft.Repair);

        panel.FindAll(".add select")[0].Change(nameof(RepairKind.Restart));
        Button(panel, "add").Click();
        Assert.Equal([new RepairAction(RepairKind.Restart, null, null)], _draft.Repair);
    }

    [Fact]
    public void AllThatWasDone_AsOftenAsWanted_IsTakenOverOnce()
    {
        var panel = Show(
            new Acted(IncidentRecords.Start, 1, new RepairAction(RepairKind.Rollback, "2", null), 6),
            new Acted(IncidentRecords.Start, 2, new RepairAction(RepairKind.Rollback, "2", null), 7));

        Button(panel, "Add my actions").Click();
        Button(panel, "Add my actions").Click();

        Assert.Equal("roll back to deploy 2 ✕", Assert.Single(panel.FindAll(".repair > .small-button")).TextContent);
    }

    [Fact]
    public void Evidence_Cited_StandsThereAndCanBeTakenAway()
    {
        _draft = Whole.Cite("deploy:3").Cite("log:9");
        var panel = Show();
        Assert.Equal("Evidence (2 of 8 at most)", panel.Find(".cited legend").TextContent);

        panel.Find("[aria-label='Remove citation deploy:3']").Click();

        Assert.Equal(["log:9"], _draft.Evidence);
    }

    [Fact]
    public void Render_Locked_DisablesEverything() =>
        Assert.All(
            Show(locked: true).FindAll("button, input, select"),
            control => Assert.True(control.HasAttribute("disabled"), control.OuterHtml));

    private static IEnumerable<string?> Options(IRenderedComponent<DiagnosisPanel> panel, int select) =>
        panel.FindAll(".form select")[select].QuerySelectorAll("option").Select(option => option.GetAttribute("value"));

    private static IElement Button(IRenderedComponent<DiagnosisPanel> panel, string name) =>
        panel.FindAll("button").Single(button => button.TextContent.Trim() == name);

    private IRenderedComponent<DiagnosisPanel> Show(params Acted[] actions) => Show(locked: false, actions);

    private IRenderedComponent<DiagnosisPanel> Show(bool locked, params Acted[] actions)
    {
        IRenderedComponent<DiagnosisPanel> panel = null!;
        panel = Render<DiagnosisPanel>(it => it
            .Add(p => p.Draft, _draft)
            .Add(p => p.DraftChanged, draft =>
            {
                _draft = draft;
                panel.Render(again => again.Add(p => p.Draft, draft));
            })
            .Add(p => p.Words, Scenarios.Catalog.Vocabulary)
            .Add(p => p.Commits, [("1111111", "One"), ("2222222", "Two")])
            .Add(p => p.Actions, actions)
            .Add(p => p.Given, 0)
            .Add(p => p.Locked, locked)
            .Add(p => p.TooEarly, _tooEarly)
            .Add(p => p.Submit, () => _submitted++));
        return panel;
    }
}
