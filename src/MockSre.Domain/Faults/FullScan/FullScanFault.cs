using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults.FullScan;

public sealed class FullScanFault : Fault
{
    public static readonly Switch Enabled = new("full_scan", healthy: false)
    {
        Description = "Whether the query for the last activity scans the whole table instead of using an index.",
        Key = "enable_slow_query",
        IsHiddenWhenBlind = true,
        Configured = settings => settings.EnableSlowQuery,
    };

    public static readonly Number RowCostUs = new("scan_row_cost_us", healthy: 105, least: 0, most: 1_000_000)
    {
        Description = "The time that a scan takes for each row, in microseconds.",
        Unit = TimeSpan.FromMicroseconds(1),
        Configured = (_, timings) => (int)timings.ScanRowCost.TotalMicroseconds,
    };

    public static readonly ExpectedSignal SlowSpan = new(
        "slow_database_span", "Transactions hold a db.query span of about 2 s whose description begins with SELECT.", Goal.Some,
        signal => signal is TransactionSignal transaction && transaction.Spans.Any(ExpectedSignal.IsSlowQuery));

    /// <summary>For modes in which requests also fail, so that the slow ones need not reach the 95th percentile.</summary>
    public static readonly ExpectedSignal SlowSuccesses = new(
        "slow_transactions", "Transactions that succeed take about 2 s.", Goal.Some,
        signal => signal is TransactionSignal { HttpStatus: 200 } && ExpectedSignal.IsSlow(signal));

    public override string Name => "full_scan";
    public override IReadOnlyList<Setting> Settings => [Enabled, RowCostUs];
    public override string? Component => "activity_query";
    public override string? Mechanism => "full_table_scan";

    public override IReadOnlyList<ExpectedSignal> ExpectedSignals =>
    [
        new(
            "slow_transactions", "More than 5 % of transactions take 1 s or more: p95, which a latency alert watches.",
            Goal.Percentile95, ExpectedSignal.IsSlow),
        SlowSpan,
    ];

    public override IReadOnlyList<SentryRequirement> SentryRequirements =>
    [
        new("Latency alert", "an alert rule on p95 of the transaction's duration; make alerts creates one"),
        SentryRequirement.SlowQueryIssue,
    ];

    public override bool IsIn(TraitSet traits) => traits[Enabled];

    public override ProfileReading Shape(ProfileReading reading, TraitSet traits)
    {
        var shaped = reading with { ScanRowCost = traits.Time(RowCostUs) };
        return traits[Enabled] ? shaped with { Query = store => store.FindIgnoringCaseAsync } : shaped;
    }
}
