using MockSre.Domain.Traffic;

namespace MockSre.Domain.Signals;

/// <param name="FailureRate">Share of <see cref="TransactionSignal.Failed"/>, 0 to 1.</param>
/// <param name="Slowest">Slowest first; equally slow ones by time, latest first.</param>
public sealed record TransactionGroup(
    string Name, int Count, double FailureRate, TimeSpan P50, TimeSpan P95, IReadOnlyList<TransactionSignal> Slowest,
    DateTimeOffset LastSeen)
{
    /// <summary>Sentry's name for transactions without one.</summary>
    public const string Unnamed = "<unlabeled transaction>";

    /// <summary>Groups the transactions of the entries: the most frequent first, then by name.</summary>
    /// <param name="slowest">The most transactions in <see cref="Slowest"/>, at least 0.</param>
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
