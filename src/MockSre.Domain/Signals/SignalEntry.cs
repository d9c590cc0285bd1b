namespace MockSre.Domain.Signals;

/// <summary>One envelope as the inbox took it. Only its state changes, and can be read from any thread.</summary>
public sealed class SignalEntry
{
    private volatile Settlement _settlement;

    internal SignalEntry(
        DateTimeOffset receivedAt,
        ReadOnlyMemory<byte> bytes,
        SignalState state,
        string? reason,
        string? eventId,
        IReadOnlyList<Signal> signals)
    {
        ReceivedAt = receivedAt;
        Bytes = bytes;
        EventId = eventId;
        Signals = signals;
        _settlement = new Settlement(state, reason);
    }

    /// <summary>From 1, in the order of adding, across every clearing; 0 for one that was ignored.</summary>
    public long Sequence { get; internal set; }

    /// <summary>UTC.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The envelope, not gzipped; of one that could not be read, the bytes as they came.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What became of it.</summary>
    public SignalState State => _settlement.State;

    /// <summary>Why, if there is more to say than the state does.</summary>
    public string? Reason => _settlement.Reason;

    /// <summary>32 lower-case hex digits, from the envelope's header, or else from its first signal.</summary>
    public string? EventId { get; }

    /// <summary>What could be read from it: usually one, none for an envelope of other items.</summary>
    public IReadOnlyList<Signal> Signals { get; }

    /// <summary>The <see cref="SignalInbox.Epoch"/> that it is counted in; null for one that is ignored, and counted nowhere.</summary>
    public long? Epoch { get; internal set; }

    internal void Settle(SignalState state, string? reason) => _settlement = new Settlement(state, reason);

    private sealed record Settlement(SignalState State, string? Reason);
}
