namespace MockSre.Domain.Signals;

/// <summary>An envelope in the inbox. Only its state changes, which any thread may read.</summary>
public sealed class SignalEntry(
    DateTimeOffset received, ReadOnlyMemory<byte> bytes, SignalState state, string? reason, string? eventId, IReadOnlyList<Signal> signals)
{
    private volatile Settlement _settlement = new(state, reason);

    /// <summary>From 1, in the order of arrival; clearing the inbox does not restart it. 0 for an ignored envelope.</summary>
    public long Sequence { get; internal set; }

    public DateTimeOffset ReceivedAt => received;

    /// <summary>The envelope without gzip. An unreadable envelope is kept as it came.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    public SignalState State => _settlement.State;

    /// <summary>Why it has this state; null if there is nothing to add.</summary>
    public string? Reason => _settlement.Reason;

    /// <summary>32 lower-case hex digits, from the envelope's header or else from its first signal.</summary>
    public string? EventId => eventId;

    /// <summary>Usually one. Empty if the envelope has neither errors nor transactions.</summary>
    public IReadOnlyList<Signal> Signals => signals;

    /// <summary>The <see cref="SignalInbox.Epoch"/> in which it is counted; null for an ignored envelope.</summary>
    public long? Epoch { get; internal set; }

    internal void Settle(SignalState state, string? reason) => _settlement = new Settlement(state, reason);

    private sealed record Settlement(SignalState State, string? Reason);
}
