using MockSre.Domain.Profiles;

namespace MockSre.Domain.Signals;

/// <summary>One checkable statement of what Sentry should show in a failure mode.</summary>
/// <param name="Id">Its name for machines.</param>
/// <param name="Statement">For people.</param>
/// <param name="Goal">What must be so for it to be witnessed.</param>
/// <param name="IsEvidence">Whether a signal is what the statement speaks of.</param>
/// <param name="NeedsTransactions">Whether it can only be judged if every request is a transaction.</param>
public sealed record ExpectedSignal(string Id, string Statement, Goal Goal, Func<Signal, bool> IsEvidence, bool NeedsTransactions = true)
{
    /// <summary>From here on a transaction is slow: far above the milliseconds of a healthy one, far below the two seconds of a scan.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>A healthy service: nothing to see.</summary>
    private static readonly ExpectedSignal[] Healthy =
    [
        new("no_errors", "No error event.", Goal.Never, signal => signal is ErrorSignal),
        new("no_slow_transactions", "No transaction of 1 s or more.", Goal.Never, IsSlow),
    ];

    private static readonly ExpectedSignal[] Uncached =
    [
        new("cache_bypassed", "Transactions carry the breadcrumb that the cache was bypassed.", Goal.Usual, IsBypass),
        new("more_database_reads", "Nearly every profile is read from the database: db.reads is 1.", Goal.Usual, signal => signal is TransactionSignal { DatabaseReads: >= 1 }),
    ];

    private static readonly ExpectedSignal SlowQuery =
        new("slow_database_span", "Transactions hold a db.query span of about 2 s whose description begins with SELECT.", Goal.Some, signal => signal is TransactionSignal transaction && transaction.Spans.Any(IsSlowQuery));

    private static readonly ExpectedSignal[] Latency =
    [
        new("slow_transactions", "More than 5 % of transactions take 1 s or more: p95, which a latency alert watches.", Goal.Percentile95, IsSlow),
        SlowQuery,
    ];

    private static readonly ExpectedSignal[] Errors =
    [
        new("timeout_errors", $"Error events {nameof(PoolTimeoutException)}, thrown from ConnectionPool.AcquireAsync.", Goal.Some, IsPoolTimeout, NeedsTransactions: false),
        new("failed_transactions", "Transactions fail with status 500.", Goal.Some, signal => signal is TransactionSignal { HttpStatus: 500 }),
    ];

    /// <summary>What the contract's table expects of a mode; nothing for a deployment of no mode.</summary>
    /// <param name="label">The mode's name.</param>
    public static IReadOnlyList<ExpectedSignal> Of(string? label) => label switch
    {
        "none" => Healthy,
        "cache_off" => Uncached,
        "slow_query" => Latency,
        "pool_saturation" => Errors,
        "combined" =>
        [
            .. Errors,
            new("slow_transactions", "Transactions that succeed take about 2 s.", Goal.Some, signal => signal is TransactionSignal { HttpStatus: 200 } && IsSlow(signal)),
            SlowQuery,
        ],
        _ => [],
    };

    /// <summary>Whether a span is what Sentry's Slow DB Query detector looks for: https://docs.sentry.io/product/issues/issue-details/performance-issues/slow-db-queries/</summary>
    public static bool IsSlowQuery(SignalSpan span) =>
        span.Operation == SignalNames.Query && span.Duration >= Slow && span.Description?.StartsWith("SELECT", StringComparison.Ordinal) == true;

    private static bool IsSlow(Signal signal) => signal is TransactionSignal transaction && transaction.Duration >= Slow;

    private static bool IsBypass(Signal signal) => signal is TransactionSignal && signal.Breadcrumbs.Any(crumb => crumb.Message == SignalNames.CacheBypassed);

    private static bool IsPoolTimeout(Signal signal) => signal is ErrorSignal
    {
        ShortType: nameof(PoolTimeoutException), ThrownFrom: $"{nameof(ConnectionPool)}.{nameof(ConnectionPool.AcquireAsync)}",
    };
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
