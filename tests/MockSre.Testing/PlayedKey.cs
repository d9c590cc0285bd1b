using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Traffic;

namespace MockSre.Testing;

/// <summary>The part of an answer key that is measured: the effect of each repair, and how long the service level holds.</summary>
/// <param name="Repairs">One for each subset of the commits at fault. Empty if the service has recovered before the investigation.</param>
/// <param name="HoldsUntilS">Seconds from the start until the service level breaks. Null for scenarios without a growing table.</param>
public sealed record PlayedKey(IReadOnlyList<PlayedRepair> Repairs, double? HoldsUntilS)
{
    private const double SettlingS = 10;
    private const double MeasuredS = 60;

    private static readonly JsonSerializerOptions Indented = new(IncidentJson.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task<PlayedKey> PlayAsync(ScenarioCatalog catalog, Scenario scenario)
    {
        var key = catalog.KeyOf(scenario);
        var played = new List<PlayedRepair>();
        if (key.Verdict == Verdict.Ongoing)
        {
            var roles = key.Commits.Select(commit => commit.Role).ToList();
            for (var subset = 0; subset < 1 << roles.Count; subset++)
            {
                var takenBack = roles.Where((_, i) => (subset & (1 << i)) != 0).ToList();
                var (errorRate, p95) = await MeasureAsync(catalog, scenario, takenBack);
                var effect = EffectOf(scenario.ServiceLevel, played.FirstOrDefault(), errorRate, p95);
                played.Add(new PlayedRepair(takenBack, effect, errorRate, p95));
            }
        }

        return new PlayedKey(played, scenario.Base[GrowingTableFault.RowsPerS] == 0 ? null : await HoldsUntilAsync(catalog, scenario));
    }

    /// <summary>The text of a key's file with the measured part replaced.</summary>
    public string WriteInto(string file)
    {
        var json = JsonNode.Parse(file)!;
        json["played"] = JsonSerializer.SerializeToNode(Repairs, IncidentJson.Options);
        if (HoldsUntilS is not null)
        {
            json["holds_until_s"] = HoldsUntilS;
        }

        return json.ToJsonString(Indented) + "\n";
    }

    private static async Task<(double ErrorRate, double P95Ms)> MeasureAsync(
        ScenarioCatalog catalog, Scenario scenario, List<string> takenBack)
    {
        await using var play = await Play.BeginAsync(catalog.Plan(scenario.Name));
        play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
        foreach (var commit in play.Incident.Plan.Commits.Where(commit => takenBack.Contains(commit.Role)))
        {
            await play.DoAsync(run => run.ActAsync(new RepairAction(RepairKind.Revert, commit.Sha, null)));
        }

        play.Go(SettlingS);
        var from = play.Clock.GetUtcNow();
        play.Go(MeasuredS);
        var seconds = play.Incident.Seconds.Where(second => second.At >= from).ToList();
        var latencies = seconds.SelectMany(second => second.LatenciesMs).Order().ToList();
        return (
            Math.Round((double)seconds.Sum(second => second.Errors) / seconds.Sum(second => second.Count), 3),
            latencies.Percentile(95)!.Value);
    }

    private static async Task<double?> HoldsUntilAsync(ScenarioCatalog catalog, Scenario scenario)
    {
        await using var play = await Play.BeginAsync(catalog.Plan(scenario.Name));
        play.Go(play.Incident.Plan.InvestigationBeginsS);
        return play.BrokenAtS * scenario.DemoSpeedup;
    }

    private static RepairEffect EffectOf(ServiceLevel level, PlayedRepair? untouched, double errorRate, double p95)
    {
        if (errorRate <= level.ErrorRate && p95 <= level.P95Ms)
        {
            return RepairEffect.Cures;
        }

        return untouched is not null && (IsLessBroken(untouched.ErrorRate) || p95 <= untouched.P95Ms / 2)
            ? RepairEffect.Helps
            : RepairEffect.Nothing;

        bool IsLessBroken(double before) => (before > 0 && errorRate == 0) || before - errorRate >= 0.1;
    }
}
