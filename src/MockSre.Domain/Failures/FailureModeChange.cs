namespace MockSre.Domain.Failures;

/// <summary>One turn of the switch.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="From">The mode before; null at the start.</param>
/// <param name="To">The mode after.</param>
/// <param name="Source">Who turned it.</param>
/// <param name="Until">When it turns back to <c>none</c> by itself, UTC; null for never.</param>
public sealed record FailureModeChange(DateTimeOffset At, FailureMode? From, FailureMode To, ChangeSource Source, DateTimeOffset? Until);

/// <summary>Who turned the failure switch.</summary>
public enum ChangeSource
{
    /// <summary>The setting <c>FAILURE_MODE</c>, at start.</summary>
    Startup,

    /// <summary>A call of the admin API.</summary>
    AdminApi,

    /// <summary>The time given with an earlier change ran out.</summary>
    AutoOff,

    /// <summary>A reset.</summary>
    Reset,
}
