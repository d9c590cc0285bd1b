using MockSre.Domain.Traffic;

namespace MockSre.Domain.Signals;

/// <summary>The transactions of one name.</summary>
/// <param name="Name">The name; for those without one, as Sentry has it, <see cref="Unnamed"/>.</param>
/// <param name="Count">How many.</param>
/// <param name="FailureRate">Those that <see cref="TransactionSignal.Failed"/>, 0 to 1.</param>
/// <param name="P50">The duration that half of them do not exceed: one that occurred (nearest rank).</param>
/// <param name="P95">The duration that 95 of 100 do not exceed: one that occurred (nearest rank).</param>
/// <param name="Slowest">Slowest first; of equal ones, the later first.</param>
/// <param name="LastSeen">UTC.</param>
public sealed record TransactionGroup(
    string Name,
    int Count,
    double FailureRate,
    TimeSpan P50,
    TimeSpan P95,
    IReadOnlyList<TransactionSignal> Slowest,
    DateTimeOffset LastSeen)
{
    /// <summary>The name of transactions that have none.</summary>
    public const string Unnamed = "<unlabeled transaction>";

    /// <summary>Groups the transactions of the entries: the most frequent first, then by name.</summary>
    /// <param name="entries">In any order.</param>
    /// <param name="slowest">How many each group lists in <see cref="Slowest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slowest"/> is negative.</exception>
    public static IReadOnlyList<TransactionGroup> Of(IEnumerable<SignalEntry> entries, int slowest = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slowest);
        return
        [
            .. entries.SelectMany(entry => entry.Signals.OfType<TransactionSignal>())
                .GroupBy(transaction => string.IsNullOrEmpty(transaction.Transaction) ? Unnamed : transaction.Transaction)
                .Select(group => Group(group.Key, [.. group.OrderBy(one => one.Duration).ThenBy(one => one.At)], slowest))
                .OrderByDescending(group => group.Count)
                .ThenBy(group => group.Name, StringComparer.Ordinal),
        ];
    }

    private static TransactionGroup Group(string name, TransactionSignal[] fastestFirst, int slowest)
    {
        TimeSpan[] durations = [.. fastestFirst.Select(transaction => transaction.Duration)];
        return new TransactionGroup(
            name,
            fastestFirst.Length,
            (double)fastestFirst.Count(transaction => transaction.Failed) / fastestFirst.Length,
            durations.Percentile(50)!.Value,
            durations.Percentile(95)!.Value,
            [.. fastestFirst.Reverse().Take(slowest)],
            fastestFirst.Max(transaction => transaction.At));
    }
}
