using System.Globalization;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Grading;

/// <summary>Somebody who answers by a rule without understanding anything: what a real investigator has to be better than.</summary>
/// <param name="Name">What the rule is.</param>
/// <param name="Answer">Answers.</param>
public sealed record TrivialInvestigator(string Name, Func<IncidentRecord, TrivialAnswer> Answer)
{
    /// <summary>All there are. What a rule says nothing about is as in the best constant answer.</summary>
    public static IReadOnlyList<TrivialInvestigator> All(ConstantAnswer constant) =>
    [
        new("newest_commit", incident => Blame(incident, constant, [Visible(incident).MaxBy(commit => commit.AtS)!], sha => new RepairAction(RepairKind.Revert, sha, null))),
        new("last_deploy", incident =>
        {
            var last = incident.Deploys.Last(deploy => deploy.Cause == DeployCause.Release && deploy.At <= incident.Alert!.At);
            var before = incident.Deploys.LastOrDefault(deploy => deploy.Number < last.Number) ?? last;
            return Blame(incident, constant, [.. last.Ships.Select(sha => incident.Plan.Find(sha)!)], null, [Rollback(before)]);
        }),
        new("every_commit", incident => Blame(incident, constant, Visible(incident), null, [Rollback(incident.Deploys[0])])),
        new("files_on_the_stack", incident =>
        {
            var files = incident.Signals.SelectMany(entry => entry.Signals.OfType<ErrorSignal>())
                .SelectMany(error => error.Frames)
                .Where(frame => frame is { InApp: true, File: not null })
                .Select(frame => frame.File!)
                .Distinct()
                .ToList();
            return Blame(
                incident,
                constant,
                [.. Visible(incident).Where(commit => commit.Files.Any(file => files.Exists(frame => frame.EndsWith(file, StringComparison.Ordinal))))],
                sha => new RepairAction(RepairKind.Revert, sha, null));
        }),
        new("roll_back_to_the_oldest", incident => Blame(incident, constant, [], null, [Rollback(incident.Deploys[0])])),
        new("always_healthy", _ => new TrivialAnswer(new Diagnosis(Verdict.NothingWrong, null, [], constant.Component, constant.Mechanism, [], []))),
        new("best_constant", incident => new TrivialAnswer(new Diagnosis(
            constant.Verdict, constant.Verdict == Verdict.NothingWrong ? null : incident.Alert!.Since, [], constant.Component, constant.Mechanism, [], constant.Repair))),
    ];

    private static TrivialAnswer Blame(
        IncidentRecord incident,
        ConstantAnswer constant,
        IReadOnlyList<PlannedCommit> commits,
        Func<string, RepairAction>? undo,
        IReadOnlyList<RepairAction>? actions = null) => new(new Diagnosis(
            Verdict.Ongoing,
            incident.Alert!.Since,
            [.. commits.Select(commit => commit.Sha)],
            constant.Component,
            constant.Mechanism,
            [.. commits.Take(Diagnosis.MaxEvidence).Select(commit => $"commit:{commit.Sha}")],
            actions ?? [.. commits.Select(commit => undo!(commit.Sha))]));

    private static List<PlannedCommit> Visible(IncidentRecord incident)
    {
        var now = incident.At(incident.Plan.InvestigationBeginsS);
        return [.. incident.Plan.Commits.Where(commit => incident.At(commit.AtS) <= now)];
    }

    private static RepairAction Rollback(Deployed deploy) =>
        new(RepairKind.Rollback, deploy.Number.ToString(CultureInfo.InvariantCulture), null);
}

/// <summary>What a trivial investigator says, and does.</summary>
/// <param name="Diagnosis">Its repair is done, not only proposed.</param>
public sealed record TrivialAnswer(Diagnosis Diagnosis);

/// <summary>The best that can be answered without looking: what scores most over all scenarios together.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Component">The component.</param>
/// <param name="Mechanism">The mechanism.</param>
/// <param name="Repair">What is done.</param>
public sealed record ConstantAnswer(Verdict Verdict, string Component, string Mechanism, IReadOnlyList<RepairAction> Repair)
{
    /// <summary>Finds it for the scenarios of a catalog, with every scenario as likely as the others.</summary>
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
        var planned = catalog.Scenarios.Select(scenario => Planned(planner.Plan(scenario.Name, seed: 1, Pace.Demo, blind: true)!)).ToList();
        return new ConstantAnswer(
            Enum.GetValues<Verdict>().MaxBy(verdict => keys.Count(key => key.Verdict == verdict)),
            catalog.Vocabulary.Components.MaxBy(word => keys.Count(key => key.Components.Contains(word)))!,
            catalog.Vocabulary.Mechanisms.MaxBy(word => keys.Count(key => key.Mechanisms.Contains(word)))!,
            repairs.MaxBy(repair => planned.Sum(incident => Grader.OfRepair(incident, repair).Value))!);

        static RepairAction Rollback(string deploy) => new(RepairKind.Rollback, deploy, null);

        static RepairAction Set(Setting setting, TraitSet traits) => new(RepairKind.SetConfig, setting.Key, setting.ToConfig(traits).ToJsonString());
    }

    // A run that has made its deploys, with nothing measured.
    private static IncidentRecord Planned(IncidentPlan plan)
    {
        var incident = new IncidentRecord("planned", plan, DateTimeOffset.UnixEpoch, TimeProvider.System);
        List<string> inEffect = [];
        foreach (var (i, deploy) in plan.Deploys.Index())
        {
            inEffect.AddRange(deploy.Ships);
            incident.Apply(new Deployed(incident.At(deploy.AtS), i + 1, deploy.Release, DeployCause.Release, deploy.Ships, [.. inEffect], TraitSet.Empty, Deployment: 0));
        }

        return incident;
    }
}
