namespace MockSre.Domain.Faults;

/// <summary>One turn of the switch.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Deployment">The number of the deployment that is in force with it.</param>
/// <param name="From">The label before; null at the start, and where what was in force had none.</param>
/// <param name="To">The label after; null where what is in force has none.</param>
/// <param name="Release">The release after.</param>
/// <param name="Source">Who turned it.</param>
/// <param name="Until">When it turns back to <c>none</c> by itself, UTC; null for never.</param>
public sealed record DeploymentChange(DateTimeOffset At, long Deployment, string? From, string? To, string Release, ChangeSource Source, DateTimeOffset? Until)
{
    /// <summary>What people call what is in force: its label, or else its release.</summary>
    public string Name => To ?? Release;
}

/// <summary>Who turned the failure switch.</summary>
public enum ChangeSource
{
    /// <summary>The setting <c>FAILURE_MODE</c>, at start.</summary>
    Startup,

    /// <summary>A call of the admin API.</summary>
    AdminApi,

    /// <summary>A click in the console.</summary>
    Console,

    /// <summary>The time given with an earlier change ran out.</summary>
    AutoOff,

    /// <summary>A reset.</summary>
    Reset,

    /// <summary>A deploy of an incident run, or its end.</summary>
    Incident,

    /// <summary>An action of whoever investigates an incident run.</summary>
    Investigator,
}
