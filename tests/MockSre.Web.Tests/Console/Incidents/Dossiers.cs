using MockSre.Domain.Incidents;
using static MockSre.Domain.Incidents.IncidentEvent;

namespace MockSre.Web.Tests.Console;

/// <summary>Runs as they could have been, made of events and not played.</summary>
internal static class Dossiers
{
    public static readonly DateTimeOffset Start = new(2026, 3, 12, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Incident B in mid-investigation: three deploys on top of two older ones, an alert, two releases' figures.</summary>
    public static Dossier Investigated(string id = "0123456789abcdef01", IncidentPlan? plan = null)
    {
        plan ??= Scenarios.IncidentB;
        var dossier = new Dossier(id, plan, Start, TimeProvider.System);
        Enter(dossier, 0, IncidentState.Armed);
        var inEffect = new List<string>();
        foreach (var (deploy, i) in plan.Deploys.Select((deploy, i) => (deploy, i)))
        {
            inEffect.AddRange(deploy.Ships);
            dossier.Apply(new Deployed(dossier.At(deploy.AtS), i + 1, deploy.Release, DeployCause.Release, deploy.Ships, [.. inEffect], TraitChanges.None, deploy.AtS < 0 && i == 0 ? 0 : i + 1));
        }

        Enter(dossier, 75, IncidentState.Injected);
        Enter(dossier, 100, IncidentState.Witnessed);
        dossier.Apply(new AlertRaised(dossier.At(105), dossier.At(98), 0.87, IsMeasured: true));
        Enter(dossier, 125, IncidentState.Investigating);
        dossier.Apply(new SecondCounted(dossier.At(10), plan.Deploys[0].Release, 5, 0, 0, 4, 1, 1, 0, [3, 4, 5, 6, 7]));
        dossier.Apply(new SecondCounted(dossier.At(110), plan.Deploys[^1].Release, 8, 7, 0, 0, 8, 8, 7, [1000, 1001, 2800]));
        dossier.Apply(new Logged(dossier.At(110), LogSeverity.Error, "Profiles", "No connection within 1000 ms", "aaaabbbbccccdddd", plan.Deploys[^1].Release, "/api/users/profile/3", 500, 1001));
        return dossier;
    }

    /// <summary>The same, repaired, diagnosed and closed.</summary>
    public static Dossier Closed(string id = "0123456789abcdef01", bool rightly = true, IncidentPlan? plan = null)
    {
        var dossier = Investigated(id, plan);
        plan = dossier.Plan;
        var fault = plan.AtFault[^1].Sha;
        dossier.Apply(new Diagnosed(
            dossier.At(140),
            new Diagnosis(
                rightly ? plan.Key.Verdict : Verdict.NothingWrong, dossier.At(95), rightly ? [.. plan.AtFault.Select(commit => commit.Sha)] : [], plan.Key.Components[0], plan.Key.Mechanisms[0],
                [$"commit:{fault}"], [new RepairAction(RepairKind.Revert, fault, null)]),
            [new Evidence(dossier, dossier.At(140)).Find($"commit:{fault}")!]));
        dossier.Apply(new Acted(dossier.At(150), 1, new RepairAction(RepairKind.Revert, fault, null), plan.Deploys.Count + 1));
        if (rightly)
        {
            Enter(dossier, 200, IncidentState.Recovered);
        }

        Enter(dossier, 210, rightly ? IncidentState.Recovered : IncidentState.Closed, CloseReason.Finished);
        return dossier;
    }

    /// <summary>What it came to.</summary>
    public static Score ScoreOf(Dossier dossier) => Grader.Grade(dossier, ConstantAnswer.BestFor(Scenarios.Catalog))!;

    /// <summary>It in short.</summary>
    public static IncidentHeader HeaderOf(Dossier dossier) => IncidentHeader.Of(dossier, ScoreOf(dossier));

    private static void Enter(Dossier dossier, double atS, IncidentState state, CloseReason? closed = null) =>
        dossier.Apply(new StateChanged(dossier.At(atS), state, closed));
}
