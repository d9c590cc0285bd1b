using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults.NPlusOne;

/// <summary>The recent activity of a profile is read row by row: one query for the ids, then one for each row.</summary>
public sealed class NPlusOneFault : Fault
{
    public static readonly Switch Enabled = new("row_by_row", healthy: false)
    {
        Description = "Whether the recent activity of a profile is read with one query for each row.",
    };

    public static readonly Number RoundTripUs = new("round_trip_us", healthy: 0, least: 0, most: 100_000)
    {
        Description = "The round trip of a query to the database, in microseconds.",
        Unit = TimeSpan.FromMicroseconds(1),
    };

    /// <summary>Far above the two queries of a healthy read.</summary>
    private const int ManyQueries = 20;

    public override string Name => "n_plus_one";
    public override IReadOnlyList<Setting> Settings => [Enabled, RoundTripUs];
    public override string? Component => "activity_query";
    public override string? Mechanism => "n_plus_one_queries";

    public override IReadOnlyList<ExpectedSignal> ExpectedSignals =>
    [
        new(
            "many_database_spans",
            "Transactions that read the database hold dozens of db.query spans, none of them slow.",
            Goal.Some,
            signal => signal is TransactionSignal transaction
                && transaction.Spans.Count(span => span.Operation == SignalNames.Query) > ManyQueries
                && !transaction.Spans.Any(ExpectedSignal.IsSlowQuery)),
    ];

    public override IReadOnlyList<SentryRequirement> SentryRequirements =>
    [
        new("N+1 Query issue", "more than five equal db.query spans in a row that take 50 ms together"),
    ];

    public override bool IsIn(TraitSet traits) => traits[Enabled];

    public override ProfileReading Shape(ProfileReading reading, TraitSet traits)
    {
        var shaped = reading with { RoundTrip = traits.Time(RoundTripUs) };
        return traits[Enabled] ? shaped with { Query = store => store.FindByRecentActivityAsync } : shaped;
    }
}
