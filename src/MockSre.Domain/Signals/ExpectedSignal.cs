namespace MockSre.Domain.Signals;

/// <summary>A statement about the signals of a failure mode that can be checked.</summary>
/// <param name="NeedsTransactions">Whether the check needs a transaction for every request.</param>
public sealed record ExpectedSignal(string Id, string Statement, Goal Goal, Func<Signal, bool> IsEvidence, bool NeedsTransactions = true)
{
    /// <summary>A transaction is slow from here. Healthy ones take milliseconds, a scan takes two seconds.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>Whether Sentry's Slow DB Query detector counts a span.</summary>
    /// <remarks>https://docs.sentry.io/product/issues/issue-details/performance-issues/slow-db-queries/</remarks>
    public static bool IsSlowQuery(SignalSpan span) =>
        span is { Operation: SignalNames.Query, Description: { } sql }
        && span.Duration >= Slow
        && sql.StartsWith("SELECT", StringComparison.Ordinal);

    public static bool IsSlow(Signal signal) => signal is TransactionSignal transaction && transaction.Duration >= Slow;
}

/// <summary>How much evidence confirms a statement.</summary>
public enum Goal
{
    Some,

    Never,

    /// <summary>Nine of ten requests.</summary>
    Usual,

    /// <summary>More than one request of twenty.</summary>
    Percentile95,
}
