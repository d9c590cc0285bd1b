using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Incidents;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>Every scenario from its seed to its score, on a fake clock.</summary>
public sealed class PlayedScenarioTests
{
    /// <summary>Set to write the keys' tables anew instead of comparing them.</summary>
    private const string WriteKeys = "WRITE_KEYS";

    private static readonly JsonSerializerOptions Indented = new(IncidentJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string Fixtures = Repository.PathOf("fixtures/scenarios");

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Fixtures);

    public static TheoryData<string> Names => [.. Catalog.Scenarios.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Repairs_EverySubsetOfTheCommitsAtFault_DoWhatTheKeySays(string name)
    {
        var scenario = Catalog.Scenarios.Single(scenario => scenario.Name == name);
        var key = Catalog.KeyOf(scenario);
        var played = new List<PlayedRepair>();

        // Where nothing is wrong when the investigation begins there is nothing to take back.
        if (key.Verdict == Verdict.Ongoing)
        {
            var roles = key.Commits.Select(commit => commit.Role).ToList();
            for (var subset = 0; subset < 1 << roles.Count; subset++)
            {
                var takenBack = roles.Where((_, i) => (subset & (1 << i)) != 0).ToList();
                var (errorRate, p95) = await PlayAsync(name, takenBack);
                played.Add(new PlayedRepair(takenBack, EffectOf(scenario.ServiceLevel, played.FirstOrDefault(), errorRate, p95), errorRate, p95));
            }
        }

        if (Environment.GetEnvironmentVariable(WriteKeys) == "1")
        {
            var file = Path.Combine(Fixtures, ScenarioCatalog.KeysDirectory, $"{name}.json");
            var json = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
            json["played"] = JsonSerializer.SerializeToNode(played, IncidentJson.Options);
            await File.WriteAllTextAsync(file, json.ToJsonString(Indented) + "\n");
            return;
        }

        Assert.Equal(Json(key.Played), Json(played));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_PlayedTwice_IsTheSameToTheLastEvent(string name)
    {
        Assert.Equal(await EventsAsync(), await EventsAsync());

        async Task<List<string>> EventsAsync()
        {
            await using var play = await Play.BeginAsync(Catalog.Plan(name));
            play.Go(play.Dossier.Plan.InvestigationBeginsS + 2);
            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Restart, null, null)));
            play.Go(30);
            return [.. play.Kept.Events.Select(Json)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_PlayedToItsInvestigation_IsWitnessedAndPages(string name)
    {
        await using var play = await Play.BeginAsync(Catalog.Plan(name));

        play.Go(play.Dossier.Plan.InvestigationBeginsS + 2);

        Assert.Equal(
            [IncidentState.Armed, IncidentState.Injected, IncidentState.Witnessed, IncidentState.Investigating],
            play.Dossier.States.Take(4).Select(state => state.State));
        Assert.Equal(1, play.Pages);
        Assert.True(play.Dossier.Alert!.IsMeasured);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Score_TheKeysOwnDiagnosisAndRepair_IsOne(string name)
    {
        await using var play = await Play.BeginAsync(Catalog.Plan(name, blind: true));
        play.Go(play.Dossier.Plan.InvestigationBeginsS + 2);

        if (play.Dossier.Plan.Key.Verdict == Verdict.Ongoing)
        {
            foreach (var commit in play.Dossier.Plan.AtFault)
            {
                await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, commit.Sha, null)));
            }
        }

        await play.DoAsync(run => run.SubmitAsync(RightAnswer(play.Dossier)));
        Assert.True(play.GoUntil(() => play.Dossier.State == IncidentState.Recovered, limitS: 60));
        await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));

        var score = Grader.Grade(play.Dossier, ConstantAnswer.BestFor(Catalog))!;
        Assert.All(score.Parts.Where(part => part.Name != "evidence"), part => Assert.True(part.Value == 1, part.Reason));
        Assert.Equal(1, score.Parts.Sum(part => part.Weight), 6);
        Assert.IsType<IncidentEvent.StateChanged>(play.Kept.Events[^1]);
    }

    // But for signals and logs, which the clock alone does not make.
    private static Diagnosis RightAnswer(Dossier dossier) => new(
        dossier.Plan.Key.Verdict,
        dossier.Plan.OnsetS is { } onset ? dossier.At(onset) : null,
        [.. dossier.Plan.AtFault.Select(commit => commit.Sha)],
        dossier.Plan.Key.Components[0],
        dossier.Plan.Key.Mechanisms[0],
        [.. dossier.Plan.AtFault.Select(commit => $"commit:{commit.Sha}")],
        []);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, IncidentJson.Options);

    private static async Task<(double ErrorRate, double P95Ms)> PlayAsync(string name, List<string> takenBack)
    {
        const double SettlesS = 10;
        const double WatchedS = 60;
        await using var play = await Play.BeginAsync(Catalog.Plan(name));
        play.Go(play.Dossier.Plan.InvestigationBeginsS + 2);
        foreach (var commit in play.Dossier.Plan.Commits.Where(commit => takenBack.Contains(commit.Role)))
        {
            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, commit.Sha, null)));
        }

        play.Go(SettlesS);
        var from = play.Clock.GetUtcNow();
        play.Go(WatchedS);
        var seconds = play.Dossier.Seconds.Where(second => second.At >= from).ToList();
        var latencies = seconds.SelectMany(second => second.LatenciesMs).Order().ToList();
        return (
            Math.Round((double)seconds.Sum(second => second.Errors) / seconds.Sum(second => second.Count), 3),
            latencies[((95 * latencies.Count) + 99) / 100 - 1]);
    }

    private static RepairEffect EffectOf(ServiceLevel level, PlayedRepair? untouched, double errorRate, double p95) =>
        errorRate <= level.ErrorRate && p95 <= level.P95Ms ? RepairEffect.Cures
        : untouched is not null && ((untouched.ErrorRate > 0 && errorRate == 0) || untouched.ErrorRate - errorRate >= 0.1 || p95 <= untouched.P95Ms / 2) ? RepairEffect.Helps
        : RepairEffect.Nothing;
}

internal static class PlayedPlans
{
    /// <summary>The plan of a scenario as the tests play it.</summary>
    public static IncidentPlan Plan(this ScenarioCatalog catalog, string name, int seed = 1, bool blind = false) =>
        new IncidentPlanner(catalog).Plan(name, seed, Pace.Demo, blind)!;
}
