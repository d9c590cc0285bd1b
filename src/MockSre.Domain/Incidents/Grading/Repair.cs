using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Grading;

/// <summary>What was changed since the investigation began, whatever the way there.</summary>
/// <param name="TakenBack">SHAs of commits that are no longer in effect.</param>
/// <param name="Config">Settings that were changed.</param>
/// <param name="Traits">What is in force with that.</param>
public sealed record Repair(IReadOnlyList<string> TakenBack, TraitSet Config, TraitSet Traits)
{
    /// <summary>What was really changed in a run.</summary>
    public static Repair Done(IncidentRecord incident)
    {
        var before = Before(incident);
        var after = incident.Deploys[^1];
        return Between(incident.Plan, before.InEffect, after.InEffect, after.Config);
    }

    /// <summary>What actions would change. What they do not name rightly changes nothing.</summary>
    /// <param name="incident">The run.</param>
    /// <param name="actions">Actions as they are recorded: see <see cref="IncidentReferences.Resolve"/>.</param>
    public static Repair Of(IncidentRecord incident, IEnumerable<RepairAction> actions)
    {
        var before = Before(incident);
        var inEffect = before.InEffect;
        var config = TraitSet.Empty;
        foreach (var action in actions)
        {
            switch (action.Kind)
            {
                case RepairKind.Rollback:
                    inEffect = incident.FindDeploy(action.Target)?.InEffect ?? inEffect;
                    break;
                case RepairKind.Revert:
                    inEffect = [.. inEffect.Where(sha => sha != action.Target)];
                    break;
                case RepairKind.SetConfig:
                    try
                    {
                        config = config.Then(ServiceConfig.Change(incident.Plan, incident.Plan.TraitsOf(inEffect, config), action.Target, action.Value));
                    }
                    catch (IncidentRefusedException)
                    {
                        // No such setting, or no such value.
                    }

                    break;
            }
        }

        return Between(incident.Plan, before.InEffect, inEffect, config);
    }

    /// <summary>
    /// What it does, by the key's table: that of the commits at fault whose absence makes the same service. What was in force before the onset cures too: the
    /// run itself has shown that. A repair that makes a service which was not played does nothing that is known.
    /// </summary>
    public RepairEffect EffectFor(IncidentRecord incident)
    {
        var plan = incident.Plan;
        var onset = incident.OnsetAt ?? incident.StartedAt;
        if (incident.Deploys.Any(deploy => deploy.Cause == DeployCause.Release
            && deploy.At < onset
            && plan.TraitsOf(deploy.InEffect, deploy.Config) == Traits))
        {
            return RepairEffect.Cures;
        }

        var inEffect = Before(incident).InEffect;
        var atFault = plan.AtFault.Where(commit => inEffect.Contains(commit.Sha)).ToList();
        var best = RepairEffect.Nothing;
        for (var subset = 0; subset < 1 << atFault.Count; subset++)
        {
            var absent = atFault.Where((_, i) => (subset & (1 << i)) != 0).ToList();
            if (plan.TraitsOf(inEffect.Except(absent.Select(commit => commit.Sha)), TraitSet.Empty) == Traits)
            {
                var effect = plan.Key.EffectOf([.. absent.Select(commit => commit.Role)]);
                best = effect < best ? effect : best;
            }
        }

        return best;
    }

    // A setting is no commit: what was in effect when the last commit was shipped.
    private static Deployed Before(IncidentRecord incident) => incident.Deploys.Last(deploy => deploy.Cause == DeployCause.Release);

    private static Repair Between(IncidentPlan plan, IReadOnlyList<string> before, IReadOnlyList<string> after, TraitSet config) =>
        new([.. before.Except(after)], config, plan.TraitsOf(after, config));
}
