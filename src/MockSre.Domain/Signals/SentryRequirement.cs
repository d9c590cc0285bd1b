namespace MockSre.Domain.Signals;

/// <summary>What a Sentry server needs beside signals before it shows a feature.</summary>
/// <param name="Feature">What it would show.</param>
/// <param name="Needs">What it takes.</param>
/// <param name="Observed">How often that was seen since the service started; null if nothing is counted.</param>
/// <param name="RequestsToGo">About how many more requests it takes, at the rate so far; null if nothing is counted.</param>
public sealed record SentryRequirement(string Feature, string Needs, long? Observed = null, long? RequestsToGo = null)
{
    /// <summary>Slow queries in 24 hours from which Sentry makes an issue of them.</summary>
    public const int SlowQueryThreshold = 100;

    /// <summary>Sentry's issue on slow queries, not yet counted.</summary>
    public static SentryRequirement SlowQueryIssue { get; } = new("Slow DB Query issue", $"{SlowQueryThreshold} occurrences within 24 h");
}
