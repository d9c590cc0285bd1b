namespace MockSre.Domain.Signals;

/// <summary>What the inbox has seen since it was cleared.</summary>
/// <param name="Epoch">The inbox's, another one each time it is cleared.</param>
/// <param name="Since">When it was cleared, or began; UTC.</param>
/// <param name="Held">Envelopes it holds now.</param>
/// <param name="HeldBytes">Their bytes, not gzipped.</param>
/// <param name="Evicted">Envelopes that had to go for newer ones.</param>
/// <param name="Unreadable">Envelopes that were none, or too large; they are not held.</param>
/// <param name="Errors">Errors, also those no longer held.</param>
/// <param name="Transactions">Transactions, also those no longer held.</param>
/// <param name="ByState">All envelopes by what became of them, held or not, unreadable ones too; every state is named.</param>
/// <param name="Discarded">What the SDK itself discarded, most first.</param>
public sealed record SignalCounts(
    long Epoch,
    DateTimeOffset Since,
    int Held,
    long HeldBytes,
    long Evicted,
    long Unreadable,
    long Errors,
    long Transactions,
    IReadOnlyDictionary<SignalState, long> ByState,
    IReadOnlyList<DiscardedSignals> Discarded)
{
    // What was left out on purpose is not lost.
    private static readonly string[] Deliberate = ["sample_rate", "before_send", "event_processor"];

    /// <summary>Envelopes that Sentry refused, or that were dropped on the way to it: counted here, and not shown there.</summary>
    public long Undelivered => ByState[SignalState.Refused] + ByState[SignalState.Dropped];

    /// <summary>Errors and transactions that were to be counted and could not be: the SDK had no room for them, or they were unreadable.</summary>
    public long Lost => Discarded
        .Where(discarded => discarded.Category is "error" or "transaction" && !Deliberate.Contains(discarded.Reason))
        .Aggregate(Unreadable, (sum, discarded) => sum > long.MaxValue - discarded.Quantity ? long.MaxValue : sum + discarded.Quantity);
}

/// <summary>What the SDK discarded before it became an envelope.</summary>
/// <param name="Reason">Such as <c>queue_overflow</c>, <c>sample_rate</c> or <c>before_send</c>.</param>
/// <param name="Category">Such as <c>error</c>, <c>transaction</c> or <c>span</c>.</param>
/// <param name="Quantity">How many.</param>
public sealed record DiscardedSignals(string Reason, string Category, long Quantity);
