namespace MockSre.Domain.Signals;

/// <summary>What a Sentry server needs, besides signals, before it shows a feature.</summary>
public sealed record SentryRequirement(string Feature, string Needs)
{
    /// <summary>Occurrences since the service started; null if they are not counted.</summary>
    public long? Observed { get; init; }

    /// <summary>About how many more requests are needed at the current rate; null if occurrences are not counted.</summary>
    public long? RequestsToGo { get; init; }

    /// <summary>Slow queries in 24 hours from which Sentry creates an issue.</summary>
    public const int SlowQueryThreshold = 100;

    public static SentryRequirement SlowQueryIssue { get; } = new("Slow DB Query issue", $"{SlowQueryThreshold} occurrences within 24 h");
}
