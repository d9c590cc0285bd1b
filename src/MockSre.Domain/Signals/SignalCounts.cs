namespace MockSre.Domain.Signals;

/// <summary>The counters of the inbox since it was last cleared.</summary>
/// <param name="Since">When the inbox was last cleared or created, UTC.</param>
/// <param name="HeldBytes">Their bytes, without gzip.</param>
/// <param name="Evicted">Envelopes removed to make room for newer ones.</param>
/// <param name="Unreadable">Envelopes that were malformed or too large. They are not held.</param>
/// <param name="Errors">Including those no longer held.</param>
/// <param name="Transactions">Including those no longer held.</param>
/// <param name="ByState">All envelopes by state, including unreadable ones and those no longer held. Has every state.</param>
/// <param name="Discarded">Signals that the SDK discarded, most first.</param>
public sealed record SignalCounts(
    long Epoch, DateTimeOffset Since, int Held, long HeldBytes, long Evicted, long Unreadable, long Errors, long Transactions,
    IReadOnlyDictionary<SignalState, long> ByState, IReadOnlyList<DiscardedSignals> Discarded)
{
    // Signals that are discarded for these reasons are not lost.
    private static readonly string[] Deliberate = ["sample_rate", "before_send", "event_processor"];

    /// <summary>Envelopes that Sentry refused or that were dropped on the way. Sentry does not show them.</summary>
    public long Undelivered => ByState[SignalState.Refused] + ByState[SignalState.Dropped];

    /// <summary>Errors and transactions that are missing from the counters: unreadable, or discarded by the SDK for lack of room.</summary>
    public long Lost => Discarded
        .Where(discarded => discarded.Category is "error" or "transaction" && !Deliberate.Contains(discarded.Reason))
        .Aggregate(Unreadable, (sum, discarded) => sum > long.MaxValue - discarded.Quantity ? long.MaxValue : sum + discarded.Quantity);
}

/// <summary>Signals that the SDK discarded before they were put into an envelope.</summary>
/// <param name="Reason">Such as <c>queue_overflow</c>, <c>sample_rate</c> or <c>before_send</c>.</param>
/// <param name="Category">Such as <c>error</c>, <c>transaction</c> or <c>span</c>.</param>
public sealed record DiscardedSignals(string Reason, string Category, long Quantity);
