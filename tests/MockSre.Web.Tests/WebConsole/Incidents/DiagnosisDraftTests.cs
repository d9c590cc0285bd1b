using System.Globalization;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Web.WebConsole.Incidents;

namespace MockSre.Web.Tests.WebConsole.Incidents;

public class DiagnosisDraftTests
{
    private static readonly DiagnosisDraft Whole = new() { Verdict = Verdict.Ongoing, Component = "logging", Mechanism = "memory_leak" };

    [Fact]
    public void Cite_BeyondTheLimit_AddsNothingAndStillTakesAway()
    {
        var draft = Enumerable.Range(1, Diagnosis.MaxEvidence).Aggregate(Whole, (draft, i) => draft.Cite($"log:{i}"));

        Assert.True(draft.IsEvidenceFull);
        Assert.Equal(draft, draft.Cite("log:99"));
        Assert.Equal(Diagnosis.MaxEvidence - 1, draft.Cite("log:1").Evidence.Count);
    }

    [Fact]
    public void Repairing_TheSameAgainOrBeyondTheLimit_AddsNothing()
    {
        var draft = Enumerable.Range(1, Diagnosis.MaxRepair).Aggregate(
            Whole, (draft, i) => draft.Repairing(new RepairAction(RepairKind.Rollback, i.ToString(CultureInfo.InvariantCulture), null)));

        Assert.True(draft.IsRepairFull);
        Assert.Equal(Diagnosis.MaxRepair, draft.Repairing(new RepairAction(RepairKind.Restart, null, null)).Repair.Count);
        Assert.Single(Whole.Repairing(
            new RepairAction(RepairKind.Restart, null, null)).Repairing(new RepairAction(RepairKind.Restart, null, null)).Repair);
    }

    [Fact]
    public void Blame_BeyondTheLimit_AddsNothing() =>
        Assert.Equal(
            Diagnosis.MaxCommits,
            Enumerable.Range(0, Diagnosis.MaxCommits + 3).Aggregate(Whole, (draft, i) => draft.Blame($"{i:x7}")).Commits.Count);

    [Fact]
    public void Problem_OfWhatIsMissing_SaysOneThingAtATime()
    {
        Assert.Equal("Choose a verdict.", new DiagnosisDraft().Problem);
        Assert.Equal("Choose a component.", (Whole with { Component = "" }).Problem);
        Assert.Equal("Choose a mechanism.", (Whole with { Mechanism = "" }).Problem);
        Assert.StartsWith("The onset is a time of day", (Whole with { Onset = "noon" }).Problem, StringComparison.Ordinal);
        Assert.Null(Whole.Problem);
        Assert.Null((Whole with { Onset = " 09:31 " }).Problem);
    }

    [Theory]
    [InlineData("2026-03-12T09:00:00Z", "09:01:35", "2026-03-12T09:01:35Z")]
    [InlineData("2026-03-12T23:59:00Z", "00:01", "2026-03-13T00:01:00Z")]
    [InlineData("2026-03-12T00:01:00Z", "23:59:30", "2026-03-11T23:59:30Z")]
    public void ToSubmission_AnOnset_IsTheTimeNextToTheStart(string startedAt, string onset, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
            (Whole with { Onset = onset }).ToSubmission(DateTimeOffset.Parse(startedAt, CultureInfo.InvariantCulture)).Onset);

    [Fact]
    public void ToSubmission_NoOnset_HasNone() => Assert.Null(Whole.ToSubmission(DateTimeOffset.UnixEpoch).Onset);
}
