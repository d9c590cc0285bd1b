using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <param name="Label">The name of the mode; null if the deployment is no mode.</param>
/// <param name="Release">The release that its signals carry: the short SHA of the deployed commit.</param>
public sealed record DeploymentPlan(TraitSet Traits, string? Label, string Release)
{
    public string Scenario { get; init; } = SignalNames.Scenario;

    /// <summary>Whether headers, tags and telemetry must not give the fault away.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Whether requests from outside have their own pool and cache, so that they do not disturb the service's load.</summary>
    public bool SeparatesVisitors { get; init; }
}
