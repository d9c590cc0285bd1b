using MockSre.Domain.Faults;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Grading;

/// <summary>An investigator that follows a simple rule. A real investigator must be better.</summary>
/// <param name="Answer">Its repair is carried out, not only proposed.</param>
public sealed record TrivialInvestigator(string Name, Func<IncidentRecord, Diagnosis> Answer)
{
    /// <summary>All of them. The rest of an answer is that of <paramref name="constant"/>.</summary>
    public static IReadOnlyList<TrivialInvestigator> All(ConstantAnswer constant) =>
    [
        new("newest_commit", incident => Blame(incident, constant, [Visible(incident).MaxBy(commit => commit.AtS)!])),
        new("last_deploy", incident =>
        {
            var last = incident.Deploys.Last(deploy => deploy.Cause == DeployCause.Release && deploy.At <= incident.Alert!.At);
            var before = incident.Deploys.LastOrDefault(deploy => deploy.Number < last.Number) ?? last;
            return Blame(incident, constant, [.. last.Ships.Select(sha => incident.Plan.Find(sha)!)], [Rollback(before)]);
        }),
        new("every_commit", incident => Blame(incident, constant, Visible(incident), [Rollback(incident.Deploys[0])])),
        new("files_on_the_stack", incident =>
        {
            var files = incident.Signals.SelectMany(entry => entry.Signals.OfType<ErrorSignal>())
                .SelectMany(error => error.Frames)
                .Where(frame => frame is { InApp: true, File: not null })
                .Select(frame => frame.File!)
                .Distinct()
                .ToList();
            var onStack = Visible(incident).Where(commit => commit.Files.Any(IsOnStack));
            return Blame(incident, constant, [.. onStack]);

            bool IsOnStack(string file) => files.Exists(frame => frame.EndsWith(file, StringComparison.Ordinal));
        }),
        new("roll_back_to_the_oldest", incident => Blame(incident, constant, [], [Rollback(incident.Deploys[0])])),
        new("always_healthy", _ => Answered(constant, Verdict.NothingWrong, null, [])),
        new("best_constant", incident => Answered(
            constant, constant.Verdict, constant.Verdict == Verdict.NothingWrong ? null : incident.Alert!.Since, constant.Repair)),
    ];

    private static Diagnosis Answered(
        ConstantAnswer constant, Verdict verdict, DateTimeOffset? onset, IReadOnlyList<RepairAction> repair) =>
        new(verdict, onset, [], constant.Component, constant.Mechanism, [], repair);

    // Reverts the commits if there are no other actions.
    private static Diagnosis Blame(
        IncidentRecord incident,
        ConstantAnswer constant,
        IReadOnlyList<PlannedCommit> commits,
        IReadOnlyList<RepairAction>? actions = null) => new(
            Verdict.Ongoing,
            incident.Alert!.Since,
            [.. commits.Select(commit => commit.Sha)],
            constant.Component,
            constant.Mechanism,
            [.. commits.Take(Diagnosis.MaxEvidence).Select(commit => $"commit:{commit.Sha}")],
            actions ?? [.. commits.Select(commit => new RepairAction(RepairKind.Revert, commit.Sha, null))]);

    private static List<PlannedCommit> Visible(IncidentRecord incident)
    {
        var now = incident.At(incident.Plan.InvestigationBeginsS);
        return [.. incident.Plan.Commits.Where(commit => incident.At(commit.AtS) <= now)];
    }

    private static RepairAction Rollback(Deployed deploy) =>
        new(RepairKind.Rollback, deploy.Number.ToString(CultureInfo.InvariantCulture), null);
}

/// <summary>The answer with the highest score over all scenarios, given without any evidence.</summary>
public sealed record ConstantAnswer(Verdict Verdict, string Component, string Mechanism, IReadOnlyList<RepairAction> Repair)
{
    /// <summary>The best answer if all scenarios are equally likely.</summary>
    public static ConstantAnswer BestFor(ScenarioCatalog catalog)
    {
        var keys = catalog.Scenarios.Select(catalog.KeyOf).ToList();
        var healthy = catalog.Scenarios[0].Base;
        RepairAction[][] repairs =
        [
            [],
            [Rollback("1")],
            [Rollback("2")],
            [Set(SmallPoolFault.Limit, healthy), Set(SmallPoolFault.TimeoutMs, healthy)],
        ];
        var planner = new IncidentPlanner(catalog);
        var planned = catalog.Scenarios
            .Select(scenario => Planned(planner.Plan(scenario.Name, seed: 1, Pace.Demo, blind: true)!))
            .ToList();
        return new ConstantAnswer(
            Enum.GetValues<Verdict>().MaxBy(verdict => keys.Count(key => key.Verdict == verdict)),
            catalog.Vocabulary.Components.MaxBy(word => keys.Count(key => key.Components.Contains(word)))!,
            catalog.Vocabulary.Mechanisms.MaxBy(word => keys.Count(key => key.Mechanisms.Contains(word)))!,
            repairs.MaxBy(repair => planned.Sum(incident => Grader.OfRepair(incident, repair).Value))!);

        static RepairAction Rollback(string deploy) => new(RepairKind.Rollback, deploy, null);

        static RepairAction Set(Setting setting, TraitSet traits) =>
            new(RepairKind.SetConfig, setting.Key, setting.ToConfig(traits).ToJsonString());
    }

    // A run after all its deploys, without any figures.
    private static IncidentRecord Planned(IncidentPlan plan)
    {
        var incident = new IncidentRecord("planned", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
        List<string> inEffect = [];
        foreach (var (i, deploy) in plan.Deploys.Index())
        {
            inEffect.AddRange(deploy.Ships);
            var at = incident.At(deploy.AtS);
            incident.Apply(new Deployed(
                at, i + 1, deploy.Release, DeployCause.Release, deploy.Ships, [.. inEffect], TraitSet.Empty, Deployment: 0));
        }

        return incident;
    }
}
