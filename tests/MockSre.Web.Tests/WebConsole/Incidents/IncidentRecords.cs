using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>Runs that are made from events, without playing them.</summary>
internal static class IncidentRecords
{
    public static readonly DateTimeOffset Start = new(2026, 3, 12, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Incident B under investigation: two old deploys, three new ones, an alert, and figures of two releases.</summary>
    public static IncidentRecord Investigated(string id = "0123456789abcdef01", IncidentPlan? plan = null)
    {
        plan ??= Scenarios.IncidentB;
        var incident = new IncidentRecord(id, plan, Start, TimeProvider.System);
        Enter(incident, 0, IncidentState.Armed);
        var inEffect = new List<string>();
        foreach (var (deploy, i) in plan.Deploys.Select((deploy, i) => (deploy, i)))
        {
            inEffect.AddRange(deploy.Ships);
            incident.Apply(
                new Deployed(
                    incident.At(deploy.AtS),
                    i + 1,
                    deploy.Release,
                    DeployCause.Release,
                    deploy.Ships,
                    [.. inEffect],
                    TraitSet.Empty,
                    deploy.AtS < 0 && i == 0 ? 0 : i + 1));
        }

        Enter(incident, 75, IncidentState.Injected);
        Enter(incident, 100, IncidentState.Witnessed);
        incident.Apply(new AlertRaised(incident.At(105), incident.At(98), 0.87, IsMeasured: true));
        Enter(incident, 125, IncidentState.Investigating);
        incident.Apply(new SecondCounted(incident.At(10), plan.Deploys[0].Release, 5, 0, 0, 4, 1, 1, 0, [3, 4, 5, 6, 7]));
        incident.Apply(new SecondCounted(incident.At(110), plan.Deploys[^1].Release, 8, 7, 0, 0, 8, 8, 7, [1000, 1001, 2800]));
        incident.Apply(
            new Logged(
                incident.At(110),
                LogSeverity.Error,
                "Profiles",
                "No connection within 1000 ms",
                "aaaabbbbccccdddd",
                plan.Deploys[^1].Release,
                "/api/users/profile/3",
                500,
                1001));
        return incident;
    }

    /// <summary>The same run, repaired, diagnosed and closed.</summary>
    public static IncidentRecord Closed(string id = "0123456789abcdef01", bool rightly = true, IncidentPlan? plan = null)
    {
        var incident = Investigated(id, plan);
        plan = incident.Plan;
        var fault = plan.AtFault[^1].Sha;
        incident.Apply(new Diagnosed(
            incident.At(140),
            new Diagnosis(
                rightly ? plan.Key.Verdict : Verdict.NothingWrong,
                incident.At(95),
                rightly ? [.. plan.AtFault.Select(commit => commit.Sha)] : [],
                plan.Key.Components[0],
                plan.Key.Mechanisms[0],
                [$"commit:{fault}"], [new RepairAction(RepairKind.Revert, fault, null)]),
            [new IncidentEvidence(incident, incident.At(140)).Find($"commit:{fault}")!]));
        incident.Apply(new Acted(incident.At(150), 1, new RepairAction(RepairKind.Revert, fault, null), plan.Deploys.Count + 1));
        if (rightly)
        {
            Enter(incident, 200, IncidentState.Recovered);
        }

        Enter(incident, 210, rightly ? IncidentState.Recovered : IncidentState.Closed, CloseReason.Finished);
        return incident;
    }

    public static Score ScoreOf(IncidentRecord incident) => Grader.Grade(incident, ConstantAnswer.BestFor(Scenarios.Catalog))!;

    public static IncidentHeader HeaderOf(IncidentRecord incident) => IncidentHeader.Of(incident, ScoreOf(incident));

    private static void Enter(IncidentRecord incident, double atS, IncidentState state, CloseReason? closed = null) =>
        incident.Apply(new StateChanged(incident.At(atS), state, closed));
}
