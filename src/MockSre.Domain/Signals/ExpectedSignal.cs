namespace MockSre.Domain.Signals;

/// <summary>One checkable statement of what Sentry should show in a failure mode.</summary>
/// <param name="Id">Its name for machines.</param>
/// <param name="Statement">For people.</param>
/// <param name="Goal">What must be so for it to be witnessed.</param>
/// <param name="IsEvidence">Whether a signal is what the statement speaks of.</param>
/// <param name="NeedsTransactions">Whether it can only be judged if every request is a transaction.</param>
public sealed record ExpectedSignal(string Id, string Statement, Goal Goal, Func<Signal, bool> IsEvidence, bool NeedsTransactions = true)
{
    /// <summary>The least duration of a slow transaction: far above the milliseconds of a healthy one, far below the two seconds of a scan.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>Whether Sentry's Slow DB Query detector would count a span.</summary>
    /// <remarks>https://docs.sentry.io/product/issues/issue-details/performance-issues/slow-db-queries/</remarks>
    public static bool IsSlowQuery(SignalSpan span) =>
        span.Operation == SignalNames.Query && span.Duration >= Slow && span.Description?.StartsWith("SELECT", StringComparison.Ordinal) == true;

    public static bool IsSlow(Signal signal) => signal is TransactionSignal transaction && transaction.Duration >= Slow;
}

/// <summary>How much evidence a statement takes.</summary>
public enum Goal
{
    /// <summary>At least one.</summary>
    Some,

    /// <summary>None at all.</summary>
    Never,

    /// <summary>Nine of ten requests.</summary>
    Usual,

    /// <summary>More than one request of twenty.</summary>
    Percentile95,
}
