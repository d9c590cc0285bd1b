using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Grading;

/// <summary>Scores runs, without any judgement: the same answers get the same score.</summary>
public static class Grader
{
    /// <summary>What each diagnosis after the first costs of the total.</summary>
    public const double FurtherDiagnosis = 0.02;

    private const double VerdictWeight = 0.15;
    private const double LocalisationWeight = 0.2;
    private const double RootCauseWeight = 0.3;
    private const double EvidenceWeight = 0.15;
    private const double RepairWeight = 0.2;

    /// <summary>An onset this many times its tolerance off is worth nothing.</summary>
    private const double OnsetReach = 6;

    /// <summary>What is left for a repair that was only proposed.</summary>
    private const double ProposedShare = 0.5;

    /// <summary>Scores a run that is closed.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="constant">The best answer that can be given without looking.</param>
    /// <returns>Null for a run that nobody could investigate.</returns>
    public static Score? Grade(IncidentRecord incident, ConstantAnswer constant)
    {
        if (incident.State == IncidentState.Invalid || incident.Alert is null || incident.States.All(state => state.State != IncidentState.Investigating))
        {
            return null;
        }

        var alert = incident.Alert;
        var onset = incident.OnsetAt;
        var recovered = incident.States.LastOrDefault(state => state is { State: IncidentState.Recovered, Closed: null });
        var needed = incident.Plan.Key.Verdict == Verdict.Ongoing;
        var works = incident.Closed?.State == IncidentState.Recovered;
        var diagnosed = incident.Diagnoses is [.., var last] ? last : null;
        var parts = Parts(incident, diagnosed?.Diagnosis, diagnosed?.Cited ?? [], Grading.Repair.Done(incident), works);
        return new Score(
            Total(parts, incident.Diagnoses.Count),
            parts,
            incident.Diagnoses.Count,
            onset is null ? null : Seconds(alert.At - onset.Value),
            incident.Diagnoses.Count == 0 ? null : Seconds(incident.Diagnoses[0].At - alert.At),
            needed && works && recovered is not null ? Seconds(recovered.At - alert.At) : null,
            [.. TrivialInvestigator.All(constant).Select(investigator => new TrivialScore(investigator.Name, GradeTrivial(incident, investigator)))]);

        static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 1);
    }

    /// <summary>What an answer gets whose repair is not played in this run: the key's table says what it would do.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="diagnosis">What is said.</param>
    /// <param name="cited">The evidence cited.</param>
    /// <param name="actions">What is done.</param>
    public static Score GradeUnplayed(IncidentRecord incident, Diagnosis diagnosis, IReadOnlyList<CitedEvidence> cited, IReadOnlyList<RepairAction> actions)
    {
        var repair = Grading.Repair.Of(incident, actions);
        var parts = Parts(incident, diagnosis, cited, repair, works: repair.EffectFor(incident) == RepairEffect.Cures);
        return new Score(Total(parts, diagnoses: 1), parts, 1, null, null, null, []);
    }

    /// <summary>What doing something gets that is not played in this run.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="actions">What is done.</param>
    public static ScorePart OfRepair(IncidentRecord incident, IReadOnlyList<RepairAction> actions)
    {
        var repair = Grading.Repair.Of(incident, actions);
        return OfRepair(incident, null, repair, works: repair.EffectFor(incident) == RepairEffect.Cures);
    }

    private static double GradeTrivial(IncidentRecord incident, TrivialInvestigator investigator)
    {
        var answer = investigator.Answer(incident);
        var evidence = new IncidentEvidence(incident, incident.Closed?.At ?? incident.Alert!.At);
        return GradeUnplayed(
            incident, answer.Diagnosis, [.. answer.Diagnosis.Evidence.Select(evidence.Find).OfType<CitedEvidence>()], answer.Diagnosis.Repair).Total;
    }

    private static double Total(IReadOnlyList<ScorePart> parts, int diagnoses) =>
        Math.Round(Math.Max(0, parts.Sum(part => part.Weight * part.Value) - (FurtherDiagnosis * Math.Max(0, diagnoses - 1))), 4);

    private static ScorePart[] Parts(IncidentRecord incident, Diagnosis? diagnosis, IReadOnlyList<CitedEvidence> cited, Repair repair, bool works) =>
        diagnosis is null
            ?
            [
                .. new[] { ("verdict", VerdictWeight), ("localisation", LocalisationWeight), ("root_cause", RootCauseWeight), ("evidence", EvidenceWeight) }
                    .Select(part => new ScorePart(part.Item1, part.Item2, 0, "No diagnosis was given.")),
                OfRepair(incident, null, repair, works),
            ]
            :
            [
                OfVerdict(incident, diagnosis),
                OfLocalisation(incident.Plan.Key, diagnosis),
                OfRootCause(incident.Plan, diagnosis),
                OfEvidence(incident.Plan, cited),
                OfRepair(incident, diagnosis, repair, works),
            ];

    private static ScorePart OfVerdict(IncidentRecord incident, Diagnosis diagnosis)
    {
        var (plan, key) = (incident.Plan, incident.Plan.Key);
        if (diagnosis.Verdict != key.Verdict)
        {
            return Part(0, $"The verdict is {IncidentWords.Of(key.Verdict)}, not {IncidentWords.Of(diagnosis.Verdict)}.");
        }

        if (incident.OnsetAt is not { } onset)
        {
            return diagnosis.Onset is null
                ? Part(1, "The verdict is right, and nothing had an onset.")
                : Part(0.5, "The verdict is right, but an onset was named where nothing broke.");
        }

        if (diagnosis.Onset is not { } named)
        {
            return Part(0.5, "The verdict is right; no onset was named.");
        }

        // Who names the deploy that began it is as right as who names the second from which on figures show it.
        var from = incident.Deploys.FirstOrDefault(deploy => deploy.Ships.Any(plan.IsAtFault))?.At ?? onset;
        var to = ServiceLevelBreak.Of(incident) is { } measured && measured > onset ? measured : onset;
        var off = Math.Max(0, Math.Max((from - named).TotalSeconds, (named - to).TotalSeconds));
        var share = off <= plan.OnsetToleranceS ? 1
            : Math.Max(0, 1 - ((off - plan.OnsetToleranceS) / ((OnsetReach - 1) * plan.OnsetToleranceS)));
        return Part(
            0.5 + (0.5 * share),
            off <= plan.OnsetToleranceS
                ? "The verdict is right, and so is the onset."
                : FormattableString.Invariant($"The verdict is right; the onset is {off:F0} s off."));

        static ScorePart Part(double value, string reason) => new("verdict", VerdictWeight, Math.Round(value, 4), reason);
    }

    private static ScorePart OfLocalisation(AnswerKey key, Diagnosis diagnosis)
    {
        var component = key.Components.Contains(diagnosis.Component);
        var mechanism = key.Mechanisms.Contains(diagnosis.Mechanism);
        return new ScorePart(
            "localisation",
            LocalisationWeight,
            (component ? 0.5 : 0) + (mechanism ? 0.5 : 0),
            (component, mechanism) switch
            {
                (true, true) => "Component and mechanism are right.",
                (true, false) => $"The component is right; the mechanism is {string.Join(" or ", key.Mechanisms)}.",
                (false, true) => $"The mechanism is right; the component is {string.Join(" or ", key.Components)}.",
                _ => $"It is {string.Join(" or ", key.Components)}: {string.Join(" or ", key.Mechanisms)}.",
            });
    }

    // F1: the harmonic mean of precision and recall.
    private static ScorePart OfRootCause(IncidentPlan plan, Diagnosis diagnosis)
    {
        var atFault = plan.AtFault.Select(commit => commit.Sha).ToHashSet();
        var named = diagnosis.Commits.ToHashSet();
        var right = named.Count(atFault.Contains);
        var value = atFault.Count + named.Count == 0 ? 1 : 2.0 * right / (atFault.Count + named.Count);
        return new ScorePart(
            "root_cause",
            RootCauseWeight,
            Math.Round(value, 4),
            atFault.Count == 0
                ? (named.Count == 0 ? "No commit is at fault, and none was named." : $"No commit is at fault, but {Many(named.Count, "commit")} named.")
                : $"Of {Many(atFault.Count, "commit")} at fault {right} named, and {named.Count - right} besides.");
    }

    // Precision, by as much as covers what had to be shown.
    private static ScorePart OfEvidence(IncidentPlan plan, IReadOnlyList<CitedEvidence> cited)
    {
        var wanted = plan.Key.Evidence;
        var beside = cited.Where(item => !wanted.Must.Concat(wanted.May).Any(predicate => item.Matches(predicate, plan))).Select(item => item.Id).ToList();
        var fitting = cited.Count - beside.Count;
        var shown = wanted.Must.Count(predicate => cited.Any(item => item.Matches(predicate, plan)));
        var missing = wanted.Must.FirstOrDefault(predicate => !cited.Any(item => item.Matches(predicate, plan)));
        var value = cited.Count == 0 ? 0 : (double)fitting / cited.Count * shown / wanted.Must.Count;
        return new ScorePart(
            "evidence",
            EvidenceWeight,
            Math.Round(value, 4),
            cited.Count == 0 ? "Nothing was cited." : $"{fitting} of {cited.Count} cited are to the point, and {shown} of {wanted.Must.Count} things are shown{(missing is null ? "" : $"; not shown: {missing.Says}")}{(beside.Count == 0 ? "" : $"; beside the point: {string.Join(", ", beside)}")}.");
    }

    private static ScorePart OfRepair(IncidentRecord incident, Diagnosis? diagnosis, Repair repair, bool works)
    {
        var plan = incident.Plan;
        var (right, commits, settings) = Sides(plan, repair);
        var innocent = commits + settings;
        if (plan.Key.Verdict != Verdict.Ongoing)
        {
            return Part(1.0 / (1 + right + innocent), right + innocent == 0 ? "Nothing had to be repaired, and nothing was changed." : $"Nothing had to be repaired, but {Many(right + innocent, "thing")} changed.");
        }

        if (works)
        {
            return right == 0
                ? Part(0, "It recovered without anything at fault being taken back.")
                : Part(
                    (double)right / (right + innocent),
                    innocent == 0 ? "It works, and takes back nothing innocent." : $"It works, but {Besides(commits, settings)}.");
        }

        var proposed = Grading.Repair.Of(incident, diagnosis?.Repair ?? []);
        if (proposed.EffectFor(incident) == RepairEffect.Cures)
        {
            (right, commits, settings) = Sides(plan, proposed);
            return Part(
                ProposedShare * right / Math.Max(1, right + commits + settings),
                "It was proposed and would work, but was not carried through.");
        }

        return Part(0, "The service level was not kept for long enough under load before the close.");

        static ScorePart Part(double value, string reason) => new("repair", RepairWeight, Math.Round(value, 4), reason);
    }

    private static string Besides(int commits, int settings) => string.Join(
        " and ",
        new[]
        {
            commits == 0 ? null : $"takes back {Many(commits, "innocent commit")}",
            settings == 0 ? null : $"changes {Many(settings, "setting")} that no commit at fault had changed",
        }.OfType<string>());

    // Commits at fault that were dealt with, and commits and settings that were changed besides. A setting deals with a commit
    // that changed the same.
    private static (int Right, int Commits, int Settings) Sides(IncidentPlan plan, Repair repair)
    {
        var atFault = plan.AtFault;
        return (
            atFault.Count(commit => repair.TakenBack.Contains(commit.Sha) || commit.Sets.Overlaps(repair.Config)),
            repair.TakenBack.Count(sha => atFault.All(commit => commit.Sha != sha) && !IsUndoneAnyway(plan.Find(sha)!)),
            repair.Config.Each.Count(setting => !atFault.Any(commit => commit.Sets.Overlaps(setting))));

        // Whose every change is of something that a commit at fault changed: who takes that back takes this back with it.
        bool IsUndoneAnyway(PlannedCommit commit) =>
            !commit.Sets.IsEmpty && commit.Sets.Each.All(setting => atFault.Any(fault => fault.Sets.Overlaps(setting)));
    }

    private static string Many(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
