using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Grading;

/// <summary>The changes since the beginning of the investigation.</summary>
/// <param name="TakenBack">SHAs of commits that are no longer in effect.</param>
/// <param name="Traits">The traits in force with these changes.</param>
public sealed record Repair(IReadOnlyList<string> TakenBack, TraitSet Config, TraitSet Traits)
{
    public static Repair Done(IncidentRecord incident)
    {
        var before = Before(incident);
        var after = incident.Deploys[^1];
        return Between(incident.Plan, before.InEffect, after.InEffect, after.Config);
    }

    /// <summary>The changes that actions would make. An invalid action changes nothing.</summary>
    /// <param name="actions">As recorded: see <see cref="IncidentReferences.Resolve"/>.</param>
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
                        var traits = incident.Plan.TraitsOf(inEffect, config);
                        config = config.Then(ServiceConfig.Change(incident.Plan, traits, action.Target, action.Value));
                    }
                    catch (RefusedException)
                    {
                        // The setting or its value is not valid.
                    }

                    break;
            }
        }

        return Between(incident.Plan, before.InEffect, inEffect, config);
    }

    /// <summary>The effect by the key's table: that of reverting the commits at fault which leads to the same traits.</summary>
    /// <remarks>Traits that were in force before the onset cure too. Traits that were never measured have no effect.</remarks>
    public RepairEffect EffectFor(IncidentRecord incident)
    {
        var plan = incident.Plan;
        var onset = incident.OnsetAt ?? incident.StartedAt;
        var healthy = incident.Deploys.Where(deploy => deploy.Cause == DeployCause.Release && deploy.At < onset);
        if (healthy.Any(deploy => plan.TraitsOf(deploy.InEffect, deploy.Config) == Traits))
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

    // The last deploy that shipped commits. Other deploys only change settings or revert.
    private static Deployed Before(IncidentRecord incident) => incident.Deploys.Last(deploy => deploy.Cause == DeployCause.Release);

    private static Repair Between(IncidentPlan plan, IReadOnlyList<string> before, IReadOnlyList<string> after, TraitSet config) =>
        new([.. before.Except(after)], config, plan.TraitsOf(after, config));
}
