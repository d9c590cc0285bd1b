using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Grading;

public static class Grader
{
    /// <summary>The cost of each diagnosis after the first.</summary>
    public const double FurtherDiagnosis = 0.02;

    private const double VerdictWeight = 0.15;
    private const double LocalisationWeight = 0.2;
    private const double RootCauseWeight = 0.3;
    private const double EvidenceWeight = 0.15;
    private const double RepairWeight = 0.2;

    /// <summary>An onset that is off by this many tolerances scores nothing.</summary>
    private const double OnsetReach = 6;

    /// <summary>The share for a correct repair that was only proposed.</summary>
    private const double ProposedShare = 0.5;

    /// <summary>Scores a closed run.</summary>
    /// <returns>Null for a run that could not be investigated.</returns>
    public static Score? Grade(IncidentRecord incident, ConstantAnswer constant)
    {
        var wasInvestigated = incident.States.Any(state => state.State == IncidentState.Investigating);
        if (incident.State == IncidentState.Invalid || incident.Alert is not { } alert || !wasInvestigated)
        {
            return null;
        }

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
            [.. TrivialInvestigator.All(constant).Select(GradeTrivial)]);

        static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 1);

        TrivialScore GradeTrivial(TrivialInvestigator investigator)
        {
            var diagnosis = investigator.Answer(incident);
            var evidence = new IncidentEvidence(incident, incident.Closed?.At ?? alert.At);
            var cited = diagnosis.Evidence.Select(evidence.Find).OfType<CitedEvidence>().ToList();
            var repair = Grading.Repair.Of(incident, diagnosis.Repair);
            var works = repair.EffectFor(incident) == RepairEffect.Cures;
            return new TrivialScore(investigator.Name, Total(Parts(incident, diagnosis, cited, repair, works), diagnoses: 1));
        }
    }

    /// <summary>Scores actions that were not carried out in the run.</summary>
    public static ScorePart OfRepair(IncidentRecord incident, IReadOnlyList<RepairAction> actions)
    {
        var repair = Grading.Repair.Of(incident, actions);
        return OfRepair(incident, null, repair, works: repair.EffectFor(incident) == RepairEffect.Cures);
    }

    private static double Total(IReadOnlyList<ScorePart> parts, int diagnoses) =>
        Math.Round(Math.Max(0, parts.Sum(part => part.Weight * part.Value) - (FurtherDiagnosis * Math.Max(0, diagnoses - 1))), 4);

    private static ScorePart[] Parts(
        IncidentRecord incident, Diagnosis? diagnosis, IReadOnlyList<CitedEvidence> cited, Repair repair, bool works) =>
    [
        diagnosis is null ? Missing("verdict", VerdictWeight) : OfVerdict(incident, diagnosis),
        diagnosis is null ? Missing("localisation", LocalisationWeight) : OfLocalisation(incident.Plan.Key, diagnosis),
        diagnosis is null ? Missing("root_cause", RootCauseWeight) : OfRootCause(incident.Plan, diagnosis),
        diagnosis is null ? Missing("evidence", EvidenceWeight) : OfEvidence(incident.Plan, cited),
        OfRepair(incident, diagnosis, repair, works),
    ];

    private static ScorePart Missing(string name, double weight) => new(name, weight, 0, "No diagnosis was given.");

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
                ? Part(1, "The verdict is right. There was no onset.")
                : Part(0.5, "The verdict is right, but there was no onset.");
        }

        if (diagnosis.Onset is not { } named)
        {
            return Part(0.5, "The verdict is right. The onset is missing.");
        }

        // Any time from the first deploy at fault to the first figures above the service level is right.
        var from = incident.Deploys.FirstOrDefault(deploy => deploy.Ships.Any(plan.IsAtFault))?.At ?? onset;
        var to = ServiceLevelBreak.Of(incident) is { } measured && measured > onset ? measured : onset;
        var off = Math.Max(0, Math.Max((from - named).TotalSeconds, (named - to).TotalSeconds));
        var share = off <= plan.OnsetToleranceS ? 1
            : Math.Max(0, 1 - ((off - plan.OnsetToleranceS) / ((OnsetReach - 1) * plan.OnsetToleranceS)));
        return Part(
            0.5 + (0.5 * share),
            off <= plan.OnsetToleranceS
                ? "The verdict and the onset are right."
                : FormattableString.Invariant($"The verdict is right. The onset is {off:F0} s off."));

        static ScorePart Part(double value, string reason) => new("verdict", VerdictWeight, Math.Round(value, 4), reason);
    }

    private static ScorePart OfLocalisation(AnswerKey key, Diagnosis diagnosis)
    {
        var component = key.Components.Contains(diagnosis.Component);
        var mechanism = key.Mechanisms.Contains(diagnosis.Mechanism);
        var (components, mechanisms) = (string.Join(" or ", key.Components), string.Join(" or ", key.Mechanisms));
        return new ScorePart(
            "localisation",
            LocalisationWeight,
            (component ? 0.5 : 0) + (mechanism ? 0.5 : 0),
            (component, mechanism) switch
            {
                (true, true) => "The component and the mechanism are right.",
                (true, false) => $"The component is right. The mechanism is {mechanisms}.",
                (false, true) => $"The mechanism is right. The component is {components}.",
                _ => $"The component is {components}. The mechanism is {mechanisms}.",
            });
    }

    // F1: the harmonic mean of precision and recall.
    private static ScorePart OfRootCause(IncidentPlan plan, Diagnosis diagnosis)
    {
        var atFault = plan.AtFault.Select(commit => commit.Sha).ToHashSet();
        var named = diagnosis.Commits.ToHashSet();
        var right = named.Count(atFault.Contains);
        var value = atFault.Count + named.Count == 0 ? 1 : 2.0 * right / (atFault.Count + named.Count);
        var found = atFault.Count == 0 ? "No commit is at fault" : $"{right} of {Many(atFault.Count, "culprit")}";
        var accused = named.Count == right ? "no false accusations" : Many(named.Count - right, "false accusation");
        return new ScorePart("root_cause", RootCauseWeight, Math.Round(value, 4), $"{found}, {accused}.");
    }

    // The precision of the citations, times the share of the required facts.
    private static ScorePart OfEvidence(IncidentPlan plan, IReadOnlyList<CitedEvidence> cited)
    {
        var (must, may) = (plan.Key.Evidence.Must, plan.Key.Evidence.May);
        var irrelevant = cited.Where(item => !must.Concat(may).Any(predicate => item.Matches(predicate, plan))).ToList();
        var missing = must.Where(predicate => !cited.Any(item => item.Matches(predicate, plan))).ToList();
        var (relevant, shown) = (cited.Count - irrelevant.Count, must.Count - missing.Count);
        if (cited.Count == 0)
        {
            return new ScorePart("evidence", EvidenceWeight, 0, "No evidence was cited.");
        }

        var reason = $"{relevant} of {Many(cited.Count, "citation")} relevant, {shown} of {Many(must.Count, "required fact")} shown";
        reason += missing.Count == 0 ? "" : $"; missing: {missing[0].Says}";
        reason += irrelevant.Count == 0 ? "." : $"; irrelevant: {string.Join(", ", irrelevant.Select(item => item.Id))}.";
        return new ScorePart("evidence", EvidenceWeight, Math.Round((double)relevant / cited.Count * shown / must.Count, 4), reason);
    }

    private static ScorePart OfRepair(IncidentRecord incident, Diagnosis? diagnosis, Repair repair, bool works)
    {
        var plan = incident.Plan;
        var (right, commits, settings) = Sides(plan, repair);
        var innocent = commits + settings;
        if (plan.Key.Verdict != Verdict.Ongoing)
        {
            var changes = right + innocent;
            var made = changes == 0 ? "and nothing was changed" : $"but there were {Many(changes, "change")}";
            return Part(1.0 / (1 + changes), $"No fix was needed, {made}.");
        }

        if (works)
        {
            return right == 0
                ? Part(0, "The service recovered, but no culprit was fixed.")
                : Part(
                    (double)right / (right + innocent),
                    innocent == 0 ? "The fix works and changes nothing else." : $"The fix works, but {Besides(commits, settings)}.");
        }

        var proposed = Grading.Repair.Of(incident, diagnosis?.Repair ?? []);
        if (proposed.EffectFor(incident) == RepairEffect.Cures)
        {
            (right, commits, settings) = Sides(plan, proposed);
            return Part(
                ProposedShare * right / Math.Max(1, right + commits + settings),
                "The proposed fix is correct, but was not carried out.");
        }

        return Part(0, "The service level was not met for long enough under load before the close.");

        static ScorePart Part(double value, string reason) => new("repair", RepairWeight, Math.Round(value, 4), reason);
    }

    private static string Besides(int commits, int settings) => string.Join(
        " and ",
        new[]
        {
            commits == 0 ? null : $"reverts {Many(commits, "innocent commit")}",
            settings == 0 ? null : $"changes {Many(settings, "setting")} that no culprit had changed",
        }.OfType<string>());

    // The fixed commits at fault, and the innocent commits and settings that were changed. A setting fixes a commit that changed it.
    private static (int Right, int Commits, int Settings) Sides(IncidentPlan plan, Repair repair)
    {
        var atFault = plan.AtFault;
        return (
            atFault.Count(commit => repair.TakenBack.Contains(commit.Sha) || commit.Sets.Overlaps(repair.Config)),
            repair.TakenBack.Count(sha => atFault.All(commit => commit.Sha != sha) && !IsUndoneAnyway(plan.Find(sha)!)),
            repair.Config.Each.Count(setting => !atFault.Any(commit => commit.Sets.Overlaps(setting))));

        // A commit that only changes what a commit at fault changed: fixing that one undoes this one too.
        bool IsUndoneAnyway(PlannedCommit commit) =>
            !commit.Sets.IsEmpty && commit.Sets.Each.All(setting => atFault.Any(fault => fault.Sets.Overlaps(setting)));
    }

    private static string Many(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
