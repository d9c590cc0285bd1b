using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <summary>What a deployment is to be published with.</summary>
/// <param name="Traits">What is in force.</param>
/// <param name="Label">The name of the mode it stands for; null where it stands for none.</param>
/// <param name="Release">The version that its signals carry: the short SHA of the commit that was deployed.</param>
public sealed record DeploymentPlan(TraitSet Traits, string? Label, string Release)
{
    /// <summary>The scenario that it belongs to.</summary>
    public string Scenario { get; init; } = SignalNames.Scenario;

    /// <summary>Whether nothing that it tells the outside may say what it stands for: no header, no tag, no trace of what was taken out.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Whether requests from outside are visitors, which go in a lane of their own and change nothing for the service's own load.</summary>
    public bool SeparatesVisitors { get; init; }
}
