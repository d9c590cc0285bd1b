using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Makes the deploys of a run: the planned ones, and those of the investigator's actions.</summary>
/// <remarks>Times are seconds from the start of the run. One call at a time, except for <see cref="IsOwn"/>.</remarks>
public sealed class RunDeploys(IncidentRecord incident, FailureSwitch failures, RunJournal journal)
{
    private long _first = long.MaxValue;
    private int _next;
    private IReadOnlyList<string> _inEffect = [];
    private TraitSet _config = TraitSet.Empty;

    /// <summary>What is deployed now; null before <see cref="Begin"/>.</summary>
    public Deployment Current { get; private set; } = null!;

    private IncidentPlan Plan => incident.Plan;

    public bool IsOwn(long deployment) => deployment >= Volatile.Read(ref _first);

    /// <summary>Makes the deploys that the plan dates at or before the start. Only the last of them is published.</summary>
    public void Begin()
    {
        // While a run is open nobody else deploys. Every later deployment is the run's own, also before its event is recorded.
        Volatile.Write(ref _first, failures.Current.Number + 1);
        while (_next < Plan.Deploys.Count && Plan.Deploys[_next].AtS <= 0)
        {
            Make(Plan.Deploys[_next++], publish: _next == Plan.Deploys.Count || Plan.Deploys[_next].AtS > 0);
        }
    }

    public bool MakeNext(double nowS)
    {
        if (_next == Plan.Deploys.Count || Plan.Deploys[_next].AtS > nowS)
        {
            return false;
        }

        Make(Plan.Deploys[_next++], publish: true);
        return true;
    }

    /// <param name="action">An action with a canonical target.</param>
    /// <exception cref="RefusedException">The commit is not deployed, or the setting or its value is invalid.</exception>
    public int Make(RepairAction action)
    {
        var number = incident.Deploys.Count + 1;
        switch (action.Kind)
        {
            case RepairKind.Rollback:
                var deploy = incident.FindDeploy(action.Target)!;
                Publish(deploy.Release, DeployCause.Rollback, [], deploy.InEffect);
                break;
            case RepairKind.Revert:
                RefusedException.ThrowIf(
                    !_inEffect.Contains(action.Target), RefusalKind.NotNow, "Not deployed", "The commit is not part of what is deployed.");
                Publish(RevertRelease(number), DeployCause.Revert, [], [.. _inEffect.Where(sha => sha != action.Target)]);
                break;
            case RepairKind.SetConfig:
                _config = _config.Then(ServiceConfig.Change(Plan, Plan.TraitsOf(_inEffect, _config), action.Target, action.Value));
                Publish(Current.Release, DeployCause.Config, [], _inEffect);
                break;
            case RepairKind.Restart:
                Publish(Current.Release, DeployCause.Restart, [], _inEffect);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }

        return number;
    }

    private void Make(PlannedDeploy deploy, bool publish)
    {
        DateTimeOffset? at = deploy.AtS < 0 ? incident.At(deploy.AtS) : null;
        List<string> inEffect = [.. _inEffect, .. deploy.Ships];
        if (publish)
        {
            Publish(deploy.Release, DeployCause.Release, deploy.Ships, inEffect, ChangeSource.Incident, at);
        }
        else
        {
            Record(incident.At(deploy.AtS), deploy.Release, DeployCause.Release, deploy.Ships, inEffect, deployment: 0);
        }
    }

    private void Publish(
        string release, DeployCause cause, IReadOnlyList<string> ships, IReadOnlyList<string> inEffect,
        ChangeSource source = ChangeSource.Investigator, DateTimeOffset? at = null)
    {
        var plan = new DeploymentPlan(Plan.TraitsOf(inEffect, _config), Plan.IsBlind ? null : Plan.Scenario, release)
        {
            Scenario = Plan.Scenario,
            IsBlind = Plan.IsBlind,
            SeparatesVisitors = true,
        };
        var change = failures.Publish(plan, source);
        Current = failures.Current;
        Record(at ?? change.At, release, cause, ships, inEffect, change.Deployment);
    }

    private void Record(
        DateTimeOffset at, string release, DeployCause cause, IReadOnlyList<string> ships, IReadOnlyList<string> inEffect, long deployment)
    {
        _inEffect = inEffect;
        journal.Record(new Deployed(at, incident.Deploys.Count + 1, release, cause, ships, inEffect, _config, deployment));
    }

    private string RevertRelease(int number)
    {
        var draw = SeededDraw.For(Plan.Seed, string.Create(CultureInfo.InvariantCulture, $"revert {number}"));
        return (draw.Next() >> 36).ToString("x7", CultureInfo.InvariantCulture);
    }
}
