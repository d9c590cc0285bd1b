using System.Text.Json;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>Plays every scenario from its seed to its score, on a fake clock.</summary>
public sealed class PlayedScenarioTests
{
    private static readonly string Fixtures = Repository.PathOf("fixtures/scenarios");

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Fixtures);

    public static TheoryData<string> Names => [.. Catalog.Scenarios.Select(scenario => scenario.Name)];

    /// <summary>Every scenario with one seed, and <c>random</c> with several.</summary>
    public static TheoryData<string, int> Plans
    {
        get
        {
            var plans = new TheoryData<string, int>();
            foreach (var (name, seed) in Catalog.Scenarios.Select(scenario => (scenario.Name, 1))
                .Concat(Catalog.Draws.SelectMany(draw => Enumerable.Range(1, 8).Select(seed => (draw.Name, seed)))))
            {
                plans.Add(name, seed);
            }

            return plans;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Repairs_EverySubsetOfTheCommitsAtFault_DoWhatTheKeySays(string name)
    {
        var scenario = Catalog.Scenarios.Single(scenario => scenario.Name == name);
        var key = Catalog.KeyOf(scenario);
        var file = await File.ReadAllTextAsync(Path.Combine(Fixtures, ScenarioCatalog.KeysDirectory, $"{name}.json"));

        var played = await PlayedKey.PlayAsync(Catalog, scenario);

        Assert.Equal(Json(key.Played), Json(played.Repairs));
        Assert.Equal(key.HoldsUntilS, played.HoldsUntilS);
        Assert.Equal(file, played.WriteInto(file));
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Onset_OfAPlan_IsWhenTheServiceLevelBreaksAsPlayed(string name, int seed)
    {
        await using var play = await Play.BeginAsync(Catalog.Plan(name, seed));
        play.Go(play.Incident.Plan.InvestigationBeginsS);

        var plan = play.Incident.Plan;
        var broken = play.BrokenAtS;

        Assert.Equal(plan.OnsetS is null, broken is null);
        if (plan.OnsetS is { } onset)
        {
            Assert.InRange(broken!.Value, onset - 2, onset + plan.OnsetToleranceS);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_PlayedTwice_IsTheSameToTheLastEvent(string name)
    {
        Assert.Equal(await EventsAsync(), await EventsAsync());

        async Task<List<string>> EventsAsync()
        {
            await using var play = await Play.BeginAsync(Catalog.Plan(name));
            play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)));
            play.Go(30);
            return [.. play.Kept.Events.Select(Json)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_WithStrangers_IsTheSameToTheLastEvent(string name)
    {
        Assert.Equal(await EventsAsync(strangers: 0), await EventsAsync(strangers: 50));

        async Task<List<string>> EventsAsync(int strangers)
        {
            await using var play = await Play.BeginAsync(Catalog.Plan(name, blind: true));
            play.Visit(strangers);
            while (play.Clock.GetElapsedTime(0).TotalSeconds < play.Incident.Plan.InvestigationBeginsS + 2)
            {
                play.Go(10);
                play.Visit(strangers);
            }

            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)));
            play.Visit(strangers);
            play.Go(30);
            Assert.Equal(strangers > 0, play.VisitorReads > 0);
            return [.. play.Kept.Events.Select(Json)];
        }
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Run_FromSeedToScore_IsWitnessedPagesAndScoresTheKeysOwnAnswerAsOne(string name, int seed)
    {
        await using var play = await Play.BeginAsync(Catalog.Plan(name, seed, blind: true));
        play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
        Assert.Equal(
            [IncidentState.Armed, IncidentState.Injected, IncidentState.Witnessed, IncidentState.Investigating],
            play.Incident.States.Take(4).Select(state => state.State));
        Assert.Equal(
            play.Incident.Plan.Key.Verdict == Verdict.Ongoing ? IncidentState.Investigating : IncidentState.Recovered, play.Incident.State);
        Assert.Equal(1, play.Pages);
        Assert.True(play.Incident.Alert!.IsMeasured);

        if (play.Incident.Plan.Key.Verdict == Verdict.Ongoing)
        {
            foreach (var commit in play.Incident.Plan.AtFault)
            {
                await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, commit.Sha, null)));
            }
        }

        await play.DoAsync(run => run.SubmitAsync(RightAnswer(play)));
        Assert.True(play.GoUntil(() => play.Incident.State == IncidentState.Recovered, limitS: 60));
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        var score = Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog))!;
        Assert.All(score.Parts, part => Assert.True(part.Value == 1, part.Reason));
        Assert.Equal(1, score.Total);
        Assert.Equal(
            (play.Incident.Plan.Key.Verdict == Verdict.Ongoing ? IncidentState.Recovered : IncidentState.Closed, CloseReason.Finished),
            (play.Incident.Closed!.State, play.Incident.Closed.Closed));
        Assert.Same(play.Incident.Closed, play.Kept.Events[^1]);
        Assert.Equal(play.Incident.Plan.OnsetS is not null, score.DetectS > 0);
        Assert.Equal(play.Incident.Plan.Key.Verdict == Verdict.Ongoing, score.RepairS > 30);
    }

    [Fact]
    public async Task Run_OfTheControlThatIsBelieved_IsScoredDown()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("noisy_alert", blind: true));
        play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
        var newest = play.Incident.Deploys[^1].Release;
        await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, newest, null)));
        await play.DoAsync(run => run.SubmitAsync(RightAnswer(play) with { Verdict = Verdict.Ongoing, Commits = [newest] }));
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        var score = Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog))!;

        Assert.Equal(
            [("verdict", 0), ("localisation", 1), ("root_cause", 0), ("evidence", 1), ("repair", 0.5)],
            score.Parts.Select(part => (part.Name, part.Value)));
        Assert.Equal(CloseReason.Finished, play.Incident.Closed!.Closed);
    }

    [Theory]
    [InlineData("incident_b", 0.99)]
    [InlineData("recovered_early", 0.001)]
    public async Task Run_WhoseWitnessConditionIsNotMet_IsInvalidAndScoresNobody(string name, double errorRate)
    {
        var plan = Catalog.Plan(name);
        var witness = plan.Witness with { Reached = [new Condition(Measure.ErrorRate, errorRate)] };
        await using var play = await Play.BeginAsync(plan with { Witness = witness });

        play.Go(plan.InvestigationBeginsS + 2);

        Assert.Equal((IncidentState.Invalid, CloseReason.NotWitnessed), (play.Incident.Closed!.State, play.Incident.Closed.Closed));
        Assert.Equal(1, play.Pages);
        Assert.Null(Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog)));
    }

    [Fact]
    public async Task Run_OfAControlInWhichSomethingBreaks_IsInvalid()
    {
        var plan = Catalog.Plan("scan_alone");
        await using var play = await Play.BeginAsync(plan with { Witness = new ScenarioWitness([], Kept: true, 15) });

        play.Go(plan.InvestigationBeginsS + 2);

        Assert.Equal(CloseReason.NotWitnessed, play.Incident.Closed!.Closed);
    }

    [Theory]
    [InlineData(30, IncidentState.Abandoned)]
    [InlineData(130, IncidentState.Abandoned)]
    [InlineData(200, IncidentState.Recovered)]
    public async Task Run_LongerThanItMayTake_IsClosed(double maxDurationS, IncidentState expected)
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("scan_alone"), maxDurationS);

        play.Go(125);
        if (play.Incident.State == IncidentState.Investigating)
        {
            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, play.Incident.Plan.AtFault[0].Sha, null)));
            Assert.False(play.Run.Completion.IsCompleted);
            play.GoUntil(() => play.Incident.Closed is not null, limitS: 200);
        }

        Assert.Equal((expected, CloseReason.TimedOut), (play.Incident.Closed!.State, play.Incident.Closed.Closed));
        Assert.Equal(play.Incident.At(maxDurationS), play.Incident.Closed.At);
        await play.Run.Completion.WithinGuard();
    }

    [Theory]
    [InlineData(CloseReason.Finished, IncidentState.Closed)]
    [InlineData(CloseReason.Cancelled, IncidentState.Abandoned)]
    [InlineData(CloseReason.Restarted, IncidentState.Abandoned)]
    public async Task Run_ClosedBeforeItRecovered_IsClosedByItsInvestigatorOrAbandoned(CloseReason reason, IncidentState expected)
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("scan_alone"));
        play.Go(122);

        await play.DoAsync(run => run.CloseAsync(reason));
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        Assert.Equal((expected, reason), (play.Incident.Closed!.State, play.Incident.Closed.Closed));
        Assert.Single(play.Incident.States, state => state.Closed is not null);
        Assert.Equal(0, Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog))!.Total);
    }

    [Fact]
    public async Task Run_OfTheControlClosedAtOnceAndRightly_IsClosedWithAFullScore()
    {
        await using var play = await Play.BeginAsync(Catalog.Plan("noisy_alert", blind: true));
        Assert.True(play.GoUntil(() => play.Incident.State == IncidentState.Investigating, limitS: 200));

        await play.DoAsync(run => run.SubmitAsync(RightAnswer(play)));
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        Assert.Equal((IncidentState.Closed, CloseReason.Finished), (play.Incident.Closed!.State, play.Incident.Closed.Closed));
        Assert.Equal(1, Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog))!.Total);
    }

    // Cites the first matching item for each fact that the key requires.
    private static Diagnosis RightAnswer(Play play)
    {
        var plan = play.Incident.Plan;
        var evidence = new IncidentEvidence(play.Incident, play.Clock.GetUtcNow());
        List<EvidenceItem> items = [.. evidence.Commits(), .. evidence.MetricsByTime(), .. evidence.Issues()];
        return new Diagnosis(
            plan.Key.Verdict,
            plan.OnsetS is { } onset ? play.Incident.At(onset) : null,
            [.. plan.AtFault.Select(commit => commit.Sha)],
            plan.Key.Components[0],
            plan.Key.Mechanisms[0],
            [.. plan.Key.Evidence.Must.Select(predicate => items.First(item => CitedEvidence.Of(item).Matches(predicate, plan)).Id)],
            []);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, IncidentJson.Options);
}
