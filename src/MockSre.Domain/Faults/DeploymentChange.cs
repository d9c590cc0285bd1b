namespace MockSre.Domain.Faults;

/// <param name="From">The label of the old deployment; null for none, and at the start.</param>
/// <param name="To">The label of the new deployment; null for none.</param>
/// <param name="Until">When the healthy mode returns, UTC; null for never.</param>
public sealed record DeploymentChange(
    DateTimeOffset At, long Deployment, string? From, string? To, string Release, ChangeSource Source, DateTimeOffset? Until)
{
    /// <summary>The label of the new deployment, or its release if it has none.</summary>
    public string Name => To ?? Release;
}

public enum ChangeSource
{
    /// <summary>The setting <c>FAILURE_MODE</c>, at start.</summary>
    Startup,

    AdminApi,

    Console,

    /// <summary>The time to live of an earlier change ran out.</summary>
    AutoOff,

    Reset,

    /// <summary>A deploy of an incident run, or its end.</summary>
    Incident,

    /// <summary>An action of an investigator.</summary>
    Investigator,
}
