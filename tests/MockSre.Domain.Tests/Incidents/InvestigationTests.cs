using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Domain.Tests.Incidents;

public sealed class InvestigationTests
{
    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    private static readonly ActionSubmission Restart = new(RepairKind.Restart, null, null);

    private static readonly DiagnosisSubmission Nothing = new(
        Verdict.NothingWrong, null, null, "alerting_rule", "alert_too_sensitive", null, null);

    public static TheoryData<DiagnosisSubmission, string> InvalidDiagnoses => new()
    {
        { Nothing with { Component = null, Verdict = null }, "component is one of " },
        { Nothing with { Mechanism = "magic" }, "mechanism is one of " },
        { Nothing with { Verdict = null }, "verdict is one of ongoing, recovered, nothing_wrong." },
        { Nothing with { Commits = [.. Enumerable.Repeat("c95a017", 51)] }, "commits has at most 50, " },
        { Nothing with { Evidence = ["log:1", null!] }, "evidence has at most " },
        { Nothing with { Repair = [.. Enumerable.Repeat(Restart, 21)] }, "repair has at most 20, " },
        { Nothing with { Repair = [Restart, Restart with { Kind = null }] }, "repair[1].kind is one of rollback, " },
    };

    [Fact]
    public async Task AllMethods_AfterTheClose_AreRefusedAndEvidenceStays()
    {
        await using var play = await InvestigatedAsync();
        var investigation = Investigate(play);
        await play.DoAsync(_ => investigation.DiagnoseAsync(Nothing));

        await play.DoAsync(_ => investigation.CloseAsync());

        Assert.NotNull(investigation.Score);
        var closedAt = play.Incident.Closed!.At;
        play.Go(10);
        Assert.Equal(closedAt, investigation.Evidence.At);
        await AssertRefusedAsync(investigation, RefusalKind.NotNow, "Closed");
    }

    [Fact]
    public async Task AllMethods_ARunOfAnotherProcess_AreRefused()
    {
        await using var play = await InvestigatedAsync();
        var investigation = new Investigation(play.Incident, null, null, NeverClosed, Catalog.Vocabulary, play.Clock);

        Assert.True(investigation.IsPlayedElsewhere);
        Assert.Throws<RefusedException>(investigation.RequireOpen);
        await AssertRefusedAsync(investigation, RefusalKind.NotNow, Investigation.PlayedElsewhere);
    }

    [Fact]
    public async Task AllMethods_BeforeTheInvestigation_AreTooEarly()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("noisy_alert"));

        await AssertRefusedAsync(Investigate(play), RefusalKind.TooEarly, "Too early");
    }

    [Theory]
    [InlineData(null, null, null, "kind is one of rollback, revert, set_config, restart.")]
    [InlineData(RepairKind.Restart, "all", null, "target is not for a restart.")]
    [InlineData(RepairKind.Rollback, null, null, "target is missing.")]
    [InlineData(RepairKind.Rollback, "1", "2", "value is for set_config only.")]
    [InlineData(RepairKind.SetConfig, "db_pool_limit", null, "value is missing.")]
    public async Task ActAsync_AnInvalidAction_IsNotUnderstood(RepairKind? kind, string? target, string? value, string detail)
    {
        await using var play = await InvestigatedAsync();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => Investigate(play).ActAsync(new(kind, target, value)));

        Assert.Equal(new Refusal(RefusalKind.Invalid, "Not understood", detail), refused.Refusal);
        Assert.Empty(play.Incident.Actions);
    }

    [Theory]
    [MemberData(nameof(InvalidDiagnoses))]
    public async Task DiagnoseAsync_AnInvalidDiagnosis_IsNotUnderstood(DiagnosisSubmission diagnosis, string detail)
    {
        await using var play = await InvestigatedAsync();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => Investigate(play).DiagnoseAsync(diagnosis));

        Assert.Equal((RefusalKind.Invalid, "Not understood"), (refused.Refusal.Kind, refused.Refusal.Title));
        Assert.StartsWith(detail, refused.Refusal.Detail, StringComparison.Ordinal);
        Assert.Empty(play.Incident.Diagnoses);
    }

    [Theory]
    [InlineData("0", null, null, null, "limit is a whole number from 1 to 500.")]
    [InlineData("501", null, null, null, "limit is a whole number from 1 to 500.")]
    [InlineData(null, "-1", null, null, "before is the number of a line.")]
    [InlineData(null, null, "abc", null, "trace_id has 32 hexadecimal digits.")]
    [InlineData(null, null, null, "loud", "level is one of debug, information, warning, error.")]
    public void LogQuery_AnInvalidValue_IsNotUnderstood(string? limit, string? before, string? traceId, string? level, string detail)
    {
        var refused = Assert.Throws<RefusedException>(() => LogQuery.Parse(limit, before, traceId, level, release: null));

        Assert.Equal(detail, refused.Refusal.Detail);
    }

    [Fact]
    public async Task ReadLog_PageByPage_HasEachLineOnce()
    {
        await using var play = await InvestigatedAsync();
        var trace = new string('a', 32);
        for (var i = 0; i < 5; i++)
        {
            var level = i == 0 ? LogSeverity.Error : LogSeverity.Debug;
            play.Run.Log(new IncidentEvent.Logged(
                play.Clock.GetUtcNow(), level, "test", $"line {i}", trace, "c95a017", Path: null, Status: null, DurationMs: null));
        }

        var investigation = Investigate(play);
        var first = investigation.ReadLog(LogQuery.Parse("3", null, trace, null, null));
        var before = first.Lines[^1].Id.Split(':')[1];
        var second = investigation.ReadLog(LogQuery.Parse("3", before, trace.ToUpperInvariant(), null, null));

        Assert.Equal(["line 4", "line 3", "line 2"], first.Lines.Select(line => line.Message));
        Assert.Equal(["line 1", "line 0"], second.Lines.Select(line => line.Message));
        Assert.Equal((true, false), (first.HasOlder, second.HasOlder));
        Assert.Equal("line 0", Assert.Single(investigation.ReadLog(LogQuery.Parse(null, null, trace, "error", null)).Lines).Message);
        var refused = Assert.Throws<RefusedException>(() => investigation.ReadLog(LogQuery.Parse(null, null, null, null, "0000000")));
        Assert.Equal("Unknown release", refused.Refusal.Title);
    }

    private static async Task AssertRefusedAsync(Investigation investigation, RefusalKind kind, string title)
    {
        foreach (var call in (Func<Task>[])
            [() => investigation.ActAsync(Restart), () => investigation.DiagnoseAsync(Nothing), investigation.CloseAsync])
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(call);
            Assert.Equal((kind, title), (refused.Refusal.Kind, refused.Refusal.Title));
        }
    }

    private static async Task<Play> InvestigatedAsync()
    {
        var play = await Play.BeginAsync(Catalog.Plan("noisy_alert"));
        play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
        return play;
    }

    private static Investigation Investigate(Play play)
    {
        return new Investigation(play.Incident, null, play.Run, CloseAsync, Catalog.Vocabulary, play.Clock);

        async Task<Score?> CloseAsync()
        {
            await play.Run.CloseAsync(CloseReason.Finished);
            return Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog));
        }
    }

    private static Task<Score?> NeverClosed() => throw new InvalidOperationException("A run of another process was closed.");
}
