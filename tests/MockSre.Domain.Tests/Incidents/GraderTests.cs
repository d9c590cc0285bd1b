using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.InjectedTimeouts;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Tests.Incidents;

public sealed class GraderTests
{
    private const string CacheRemoved = "b71e4d8";
    private const string Scan = "c95a017";
    private const string PoolCut = "d40f3b2";
    private const string WaitRaised = "e18c5a9";

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    private static readonly IncidentPlan IncidentB = Catalog.Plan("incident_b");

    private static readonly IncidentPlan Control = Catalog.Plan("noisy_alert");

    private static readonly Diagnosis Right = new(
        Verdict.Ongoing,
        At(IncidentB, IncidentB.OnsetS!.Value),
        [CacheRemoved, Scan, PoolCut],
        "connection_pool",
        "pool_exhaustion",
        [],
        []);

    private static readonly Diagnosis RightOfControl = new(Verdict.NothingWrong, null, [], "alerting_rule", "alert_too_sensitive", [], []);

    [Theory]
    [InlineData(Verdict.Ongoing, 0.0, 1)]
    [InlineData(Verdict.Ongoing, 10.0, 1)]
    [InlineData(Verdict.Ongoing, -10.0, 1)]
    [InlineData(Verdict.Ongoing, 35.0, 0.75)]
    [InlineData(Verdict.Ongoing, -20.0, 1)]
    [InlineData(Verdict.Ongoing, -45.0, 0.75)]
    [InlineData(Verdict.Ongoing, 60.0, 0.5)]
    [InlineData(Verdict.Ongoing, 6000.0, 0.5)]
    [InlineData(Verdict.Ongoing, null, 0.5)]
    [InlineData(Verdict.Recovered, 0.0, 0)]
    [InlineData(Verdict.NothingWrong, null, 0)]
    public void Verdict_AndOnset_AreHalfEach(Verdict verdict, double? offS, double expected) =>
        Assert.Equal(
            expected,
            Part(
                "verdict",
                IncidentB,
                Right with { Verdict = verdict, Onset = offS is { } s ? At(IncidentB, IncidentB.OnsetS!.Value + s) : null }),
            4);

    [Theory]
    [InlineData(10.0, false)]
    [InlineData(-10.0, false)]
    [InlineData(35.0, true)]
    public void Verdict_OnsetWithinItsTolerance_IsNotCalledOff(double offS, bool isOff)
    {
        var diagnosis = Right with { Onset = At(IncidentB, IncidentB.OnsetS!.Value + offS) };

        var reason = Grade(Run(IncidentB, [diagnosis], [])).Parts.Single(part => part.Name == "verdict").Reason;

        Assert.Equal(isOff, reason.Contains(" off", StringComparison.Ordinal));
    }

    [Fact]
    public void DetectS_DeployThatWentOutLate_CountsFromThere()
    {
        var (planned, late) = (
            Grade(Run(IncidentB, [Right], [])).DetectS!.Value, Grade(Run(IncidentB, [Right], [], lateS: 0.9)).DetectS!.Value);

        Assert.Equal(planned - 0.9, late, 6);
    }

    [Fact]
    public void Repair_SettingChangedBesides_IsNotCalledACommit()
    {
        var run = Run(
            IncidentB,
            [Right],
            [],
            takenBack: [Scan, PoolCut],
            config: TraitSet.Empty.With(FullScanFault.Enabled, false).With(InjectedTimeoutsFault.Enabled, true),
            recovered: true);

        var reason = Grade(run).Parts.Single(part => part.Name == "repair").Reason;

        Assert.Contains("1 setting", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("innocent", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Verdict.NothingWrong, false, 1)]
    [InlineData(Verdict.NothingWrong, true, 0.5)]
    [InlineData(Verdict.Ongoing, false, 0)]
    public void Verdict_WhereNothingBroke_WantsNoOnset(Verdict verdict, bool hasOnset, double expected) =>
        Assert.Equal(
            expected, Part("verdict", Control, RightOfControl with { Verdict = verdict, Onset = hasOnset ? At(Control, 100) : null }));

    [Theory]
    [InlineData("connection_pool", "pool_exhaustion", 1)]
    [InlineData("connection_pool", "full_table_scan", 0.5)]
    [InlineData("activity_query", "pool_exhaustion", 0.5)]
    [InlineData("activity_query", "full_table_scan", 0)]
    public void Localisation_ComponentAndMechanism_AreHalfEach(string component, string mechanism, double expected) =>
        Assert.Equal(expected, Part("localisation", IncidentB, Right with { Component = component, Mechanism = mechanism }));

    [Theory]
    [InlineData(1, CacheRemoved, Scan, PoolCut)]
    [InlineData(1, PoolCut, PoolCut, Scan, CacheRemoved)]
    [InlineData(0.8, CacheRemoved, Scan)]
    [InlineData(0.5, PoolCut)]
    [InlineData(0.8571, CacheRemoved, Scan, PoolCut, WaitRaised)]
    [InlineData(0.4, Scan, WaitRaised)]
    [InlineData(0, WaitRaised)]
    [InlineData(0)]
    public void RootCause_CommitsNamed_IsTheirF1(double expected, params string[] named) =>
        Assert.Equal(expected, Part("root_cause", IncidentB, Right with { Commits = named }));

    [Fact]
    public void RootCause_WhereNothingIsWrong_IsToNameNone()
    {
        Assert.Equal(1, Part("root_cause", Control, RightOfControl));
        Assert.Equal(0, Part("root_cause", Control, RightOfControl with { Commits = [Control.Commits[0].Sha] }));
    }

    [Theory]
    [InlineData(1, CacheRemoved, Scan, PoolCut, "issue", "figures")]
    [InlineData(0.8333, CacheRemoved, Scan, PoolCut, "issue", "figures", WaitRaised)]
    [InlineData(0.6, CacheRemoved, Scan, PoolCut)]
    [InlineData(0.2667, CacheRemoved, WaitRaised, "issue")]
    [InlineData(0.2, "figures")]
    [InlineData(0, "idle figures")]
    [InlineData(0, WaitRaised)]
    [InlineData(0)]
    public void Evidence_Cited_IsItsPrecisionByWhatItShows(double expected, params string[] cited) =>
        Assert.Equal(expected, Part("evidence", IncidentB, Right, [.. cited.Select(Cited)]));

    [Fact]
    public void Evidence_NothingCited_SaysThat() =>
        Assert.Equal("No evidence was cited.", Grade(Run(IncidentB, [Right], [])).Parts.Single(part => part.Name == "evidence").Reason);

    [Theory]
    [InlineData(1, true, CacheRemoved, Scan, PoolCut)]
    [InlineData(1, true, Scan, PoolCut)]
    [InlineData(1, true, CacheRemoved, Scan, PoolCut, WaitRaised)]
    [InlineData(0.75, true, CacheRemoved, Scan, PoolCut, "innocent")]
    [InlineData(0, true, WaitRaised)]
    [InlineData(0, false, CacheRemoved, Scan, PoolCut)]
    [InlineData(0, false)]
    public void Repair_Done_MustWorkAndTakeBackNothingInnocent(double expected, bool works, params string[] takenBack) =>
        Assert.Equal(expected, Part("repair", IncidentB, Right, takenBack: [.. takenBack.Select(Sha)], recovered: works));

    [Fact]
    public void Repair_BySettingsThatACommitAtFaultChanged_IsRight()
    {
        Assert.Equal(
            1,
            Part(
                "repair",
                IncidentB,
                Right,
                takenBack: [Scan],
                config: TraitSet.Empty.With(SmallPoolFault.Limit, 20).With(SmallPoolFault.TimeoutMs, 5000),
                recovered: true));
        Assert.Equal(
            0.75,
            Part(
                "repair",
                IncidentB,
                Right,
                takenBack: [CacheRemoved, Scan, PoolCut, Sha("innocent")],
                config: TraitSet.Empty.With(SmallPoolFault.Limit, 20),
                recovered: true));
        Assert.Equal(
            0.6667,
            Part(
                "repair",
                IncidentB,
                Right,
                takenBack: [Scan, PoolCut],
                config: TraitSet.Empty.With(CacheOffFault.LifetimeMs, 60_000),
                recovered: true));
    }

    [Theory]
    [InlineData(0.5, CacheRemoved, Scan, PoolCut)]
    [InlineData(0.5, Scan, PoolCut)]
    [InlineData(0.5, CacheRemoved, Scan, PoolCut, WaitRaised)]
    [InlineData(0.375, CacheRemoved, Scan, PoolCut, "innocent")]
    [InlineData(0, Scan)]
    [InlineData(0, "0000000")]
    [InlineData(0)]
    public void Repair_OnlyProposed_IsHalfOfOneThatWorks(double expected, params string[] proposed) =>
        Assert.Equal(
            expected,
            Part(
                "repair",
                IncidentB,
                Right with { Repair = [.. proposed.Select(sha => new RepairAction(RepairKind.Revert, Sha(sha), null))] }));

    [Theory]
    [InlineData(1)]
    [InlineData(0.5, 0)]
    [InlineData(0.3333, 0, 1)]
    public void Repair_WhereNothingIsWrong_IsToChangeNothing(double expected, params int[] takenBack)
    {
        var deployed = Control.Deploys[^1].Ships.Concat(Control.Deploys[0].Ships).ToList();

        Assert.Equal(
            expected, Part("repair", Control, RightOfControl, takenBack: [.. takenBack.Select(i => deployed[i])], recovered: true));
    }

    [Theory]
    [InlineData("1", RepairEffect.Cures)]
    [InlineData("2", RepairEffect.Cures)]
    [InlineData("3", RepairEffect.Cures)]
    [InlineData("4", RepairEffect.Nothing)]
    [InlineData("5", RepairEffect.Nothing)]
    [InlineData("6", RepairEffect.Nothing)]
    public void EffectFor_ARollback_CuresIfThatWasBeforeTheOnset(string deploy, RepairEffect expected)
    {
        var incident = Run(IncidentB, [Right], []);

        Assert.Equal(expected, Repair.Of(incident, [new RepairAction(RepairKind.Rollback, deploy, null)]).EffectFor(incident));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.02)]
    [InlineData(6, 0.1)]
    public void Total_FurtherDiagnoses_CostALittleEach(int diagnoses, double cost)
    {
        var once = Grade(Run(IncidentB, [Right], []));
        var often = Grade(Run(IncidentB, [.. Enumerable.Repeat(Right with { Verdict = Verdict.NothingWrong }, diagnoses - 1), Right], []));

        Assert.Equal(once.Total - cost, often.Total, 4);
        Assert.Equal(once.Parts, often.Parts);
        Assert.Equal(diagnoses, often.DiagnosesGiven);
    }

    [Fact]
    public void Total_WithoutADiagnosis_IsThatOfTheRepair()
    {
        Assert.Equal(0, Grade(Run(IncidentB, [], [])).Total);
        Assert.Equal(0.2, Grade(Run(IncidentB, [], [], [CacheRemoved, Scan, PoolCut], recovered: true)).Total);
    }

    [Fact]
    public void Total_OfAnyAnswer_IsFrom0To1AndTheSameAgainInAnyOrder()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var (plan, diagnosis, cited) = Draw(random);
            var score = Grade(Run(plan, [diagnosis], cited));

            Assert.InRange(score.Total, 0, 1);
            Assert.All(score.Parts, part => Assert.InRange(part.Value, 0, 1));
            Assert.Equal(1, score.Parts.Sum(part => part.Weight), 6);
            Assert.Equal(Json(score), Json(Grade(Run(plan, [diagnosis], cited))));

            var reversed = diagnosis with
            {
                Commits = [.. diagnosis.Commits.Reverse()],
                Repair = [.. diagnosis.Repair.Reverse()],
            };
            Assert.Equal(score.Total, Grade(Run(plan, [reversed], [.. cited.Reverse()])).Total);
        }
    }

    [Fact]
    public void Total_OneMoreInnocentCommitOrIrrelevantEvidence_IsNeverHigher()
    {
        var random = new Random(2);
        for (var i = 0; i < 300; i++)
        {
            var (plan, diagnosis, cited) = Draw(random);
            var score = Grade(Run(plan, [diagnosis], cited)).Total;
            var innocent = plan.Commits.Except(plan.AtFault).ElementAt(random.Next(plan.Commits.Count - plan.AtFault.Count)).Sha;

            Assert.True(Grade(Run(plan, [diagnosis with { Commits = [.. diagnosis.Commits, innocent] }], cited)).Total <= score);
            Assert.True(Grade(Run(plan, [diagnosis], [.. cited, Cited(WaitRaised)])).Total <= score);
        }
    }

    private static (IncidentPlan Plan, Diagnosis Diagnosis, CitedEvidence[] Cited) Draw(Random random)
    {
        // In scan_and_pool, figures without errors count as evidence.
        var plan = random.Next(2) == 0 ? IncidentB : Catalog.Plan("scan_and_pool", random.Next(20), blind: true);
        string[] shas = [.. plan.Commits.Select(commit => commit.Sha)];
        var diagnosis = new Diagnosis(
            (Verdict)random.Next(3),
            random.Next(4) == 0 ? null : At(plan, random.Next(200)),
            Some(shas, 6),
            random.GetItems([.. Catalog.Vocabulary.Components], 1)[0],
            random.GetItems([.. Catalog.Vocabulary.Mechanisms], 1)[0],
            [],
            [.. Some(shas, 4).Select(sha => new RepairAction(RepairKind.Revert, sha, null))]);
        return (plan, diagnosis, [.. Some([.. shas, "issue", "figures"], 8).Select(Cited)]);

        string[] Some(string[] from, int most) => [.. random.GetItems(from, random.Next(most + 1)).Distinct()];
    }

    // The oldest commit of Incident B changes nothing.
    private static string Sha(string commit) => commit == "innocent" ? IncidentB.Commits[0].Sha : commit;

    private static CitedEvidence Cited(string what) => what switch
    {
        "issue" => new CitedEvidence(
            "signal:issue:x", EvidenceKind.Signal, new JsonObject { ["type"] = "MockSre.Domain.Profiles.PoolTimeoutException" }),
        "figures" => new CitedEvidence("metrics:at:1", EvidenceKind.Metrics, new JsonObject { ["error_rate"] = 0.5, ["p95_ms"] = 900.0 }),
        "idle figures" => new CitedEvidence(
            "metrics:at:2", EvidenceKind.Metrics, new JsonObject { ["error_rate"] = 0.0, ["p95_ms"] = 1.0 }),
        _ => new CitedEvidence($"commit:{what}", EvidenceKind.Commit, new JsonObject { ["sha"] = what }),
    };

    private static double Part(
        string name,
        IncidentPlan plan,
        Diagnosis diagnosis,
        CitedEvidence[]? cited = null,
        string[]? takenBack = null,
        TraitSet? config = null,
        bool recovered = false) =>
        Grade(Run(plan, [diagnosis], cited ?? [], takenBack, config, recovered)).Parts.Single(part => part.Name == name).Value;

    private static Score Grade(IncidentRecord incident) =>
        Grader.Grade(incident, new ConstantAnswer(Verdict.Ongoing, "connection_pool", "pool_exhaustion", []))!;

    private static string Json(Score score) => JsonSerializer.Serialize(score, IncidentJson.Options);

    private static DateTimeOffset At(IncidentPlan plan, double seconds) =>
        new IncidentRecord("graded", plan, DateTimeOffset.UnixEpoch, TimeProvider.System).At(seconds);

    // A closed run without measurements.
    private static IncidentRecord Run(
        IncidentPlan plan,
        Diagnosis[] diagnoses,
        CitedEvidence[] cited,
        string[]? takenBack = null,
        TraitSet? config = null,
        bool recovered = false,
        double lateS = 0)
    {
        var incident = new IncidentRecord("graded", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
        List<string> inEffect = [];
        foreach (var deploy in plan.Deploys)
        {
            inEffect.AddRange(deploy.Ships);
            Deploy(deploy.AtS + (deploy.AtS > 0 ? lateS : 0), deploy.Release, DeployCause.Release, deploy.Ships, TraitSet.Empty);
        }

        var now = incident.At(plan.InvestigationBeginsS);
        incident.Apply(new AlertRaised(incident.At(plan.Alert.EarliestS), incident.At(plan.Alert.EarliestS), 1, IsMeasured: true));
        incident.Apply(new StateChanged(now, IncidentState.Investigating, null));
        foreach (var diagnosis in diagnoses)
        {
            incident.Apply(new Diagnosed(now, diagnosis, cited));
        }

        inEffect.RemoveAll(sha => takenBack?.Contains(sha) == true);
        if (takenBack is { Length: > 0 } || config is not null)
        {
            Deploy(plan.InvestigationBeginsS, "0000000", DeployCause.Revert, [], config ?? TraitSet.Empty);
        }

        incident.Apply(new StateChanged(now, recovered ? IncidentState.Recovered : IncidentState.Closed, CloseReason.Finished));
        return incident;

        void Deploy(double atS, string release, DeployCause cause, IReadOnlyList<string> ships, TraitSet set) =>
            incident.Apply(new Deployed(
                incident.At(atS), incident.Deploys.Count + 1, release, cause, ships, [.. inEffect], set, Deployment: 0));
    }
}
