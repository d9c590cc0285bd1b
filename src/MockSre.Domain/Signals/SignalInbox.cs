namespace MockSre.Domain.Signals;

/// <summary>Keeps the newest envelopes on their way to Sentry and counts all of them. Thread-safe.</summary>
/// <param name="holds">False to count envelopes and tell subscribers, but keep none.</param>
/// <param name="observerFailed">Called when a subscriber throws.</param>
public sealed class SignalInbox(
    TimeProvider time, bool holds = true, Action<Exception>? observerFailed = null, int maxEnvelopes = SignalInbox.MaxEnvelopes)
{
    public const int MaxEnvelopes = 2000;

    /// <summary>The most bytes of envelopes held, without gzip: 64 MiB. The signals read from them take about as much again.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>The most kinds (reason and category) of discarded signals. Further kinds count as <see cref="OtherDiscards"/>.</summary>
    public const int MaxDiscardKinds = 50;

    public const string OtherDiscards = "other";
    public const int MaxDiscardWord = 100;

    private static readonly SignalState[] States = Enum.GetValues<SignalState>();

    // Shared by all inboxes, so that an entry is settled only in the inbox that counted it.
    private static long _epochs;

    private readonly Lock _gate = new();
    private readonly Queue<SignalEntry> _held = new();
    private readonly DiscardTally _discarded = new();
    private readonly long[] _byState = new long[States.Length];
    private readonly Observers<SignalEntry> _observers = new(observerFailed);
    private IReadOnlyList<SignalEntry>? _newestFirst;
    private long _epoch = Interlocked.Increment(ref _epochs);
    private long _firstDeployment;
    private DateTimeOffset _since = time.GetUtcNow();
    private long _heldBytes;
    private long _evicted;
    private long _unreadable;
    private long _errors;
    private long _transactions;
    private long _sequence;
    private long _version;

    public bool Holds => holds;

    /// <summary>Changes with <see cref="Entries"/>, with <see cref="Counts"/> and with the state of an entry. A view polls it.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The envelopes held now, newest first. Readers share the list until the next envelope.</summary>
    public IReadOnlyList<SignalEntry> Entries => _gate.Read(() => _newestFirst ??= _held.Reverse().ToArray().AsReadOnly());

    /// <summary>Changes with each clearing; unique among all inboxes. <see cref="Counts"/> cover the entries of this epoch.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    public SignalCounts Counts => _gate.Read(() => new SignalCounts(
        _epoch, _since, _held.Count, _heldBytes, _evicted, _unreadable, _errors, _transactions,
        States.ToDictionary(state => state, state => _byState[(int)state]).AsReadOnly(), _discarded.List()));

    /// <summary>Counts an envelope, keeps it, and tells the subscribers. An unreadable envelope is only counted.</summary>
    /// <param name="bytes">The envelope, gzipped or plain. It is not copied, so the caller must not change it afterwards.</param>
    /// <returns>The entry for <see cref="Settle"/>, even if it is not kept.</returns>
    public SignalEntry Add(ReadOnlyMemory<byte> bytes, SignalState state, string? reason = null) => Add(bytes, _ => state, reason);

    /// <inheritdoc cref="Add(ReadOnlyMemory{byte}, SignalState, string?)"/>
    /// <param name="stateOf">Chooses the state by the signals of the envelope.</param>
    public SignalEntry Add(ReadOnlyMemory<byte> bytes, Func<IReadOnlyList<Signal>, SignalState> stateOf, string? reason = null)
    {
        var now = time.GetUtcNow();
        _ = EnvelopeReader.TryRead(bytes, out var envelope, out _);
        var signals = envelope is null ? [] : SignalsOf(envelope, now);
        var discards = envelope is null ? [] : DiscardsOf(envelope);
        var state = stateOf(signals);
        ThrowIfUnknown(state);

        SignalEntry entry;
        lock (_gate)
        {
            discards.ForEach(_discarded.Add);
            _version += discards.Count;

            entry = new SignalEntry(
                now, envelope?.Bytes ?? bytes, state, reason, envelope?.EventId ?? signals.FirstOrDefault()?.EventId,
                Array.AsReadOnly(signals));
            if (Array.Exists(signals, signal => signal.Deployment < _firstDeployment))
            {
                return entry;
            }

            Count(entry);
            if (envelope is null)
            {
                _unreadable++;
            }
            else if (holds)
            {
                Hold(entry);
            }
        }

        _observers.Tell(entry);
        return entry;
    }

    /// <summary>Changes an envelope's state, held or not. An entry of another epoch is not counted. Subscribers are not told.</summary>
    public void Settle(SignalEntry entry, SignalState state, string? reason = null)
    {
        ThrowIfUnknown(state);
        lock (_gate)
        {
            if (entry.Epoch == _epoch)
            {
                _byState[(int)entry.State]--;
                _byState[(int)state]++;
            }

            entry.Settle(state, reason);
            _version++;
        }
    }

    /// <summary>The newest held envelope with an event; null if there is none.</summary>
    /// <param name="eventId">32 hex digits in any case, with or without dashes.</param>
    public SignalEntry? Find(string eventId) =>
        EventIds.Read(eventId) is { } id
            ? Entries.FirstOrDefault(entry => entry.EventId == id || entry.Signals.Any(signal => signal.EventId == id))
            : null;

    /// <summary>Removes all envelopes and counts from zero.</summary>
    /// <param name="firstDeployment">
    /// Signals of earlier deployments are ignored from now on: they come from requests that were in flight at a reset.
    /// Null or a lower number than before changes nothing.
    /// </param>
    public void Clear(long? firstDeployment = null)
    {
        lock (_gate)
        {
            _firstDeployment = Math.Max(_firstDeployment, firstDeployment ?? 0);
            _epoch = Interlocked.Increment(ref _epochs);
            _since = time.GetUtcNow();
            _held.Clear();
            _newestFirst = null;
            _discarded.Clear();
            Array.Clear(_byState);
            _heldBytes = _evicted = _unreadable = _errors = _transactions = 0;
            _version++;
        }
    }

    /// <summary>Calls a subscriber for each counted envelope, on the thread that added it, until the result is disposed.</summary>
    /// <remarks>Later states and clearings are not reported.</remarks>
    public IDisposable Subscribe(Action<SignalEntry> observer) => _observers.Subscribe(observer);

    private static Signal[] SignalsOf(Envelope envelope, DateTimeOffset receivedAt)
    {
        var signals = new List<Signal>(1);
        foreach (var item in envelope.Items)
        {
            if (SignalReader.TryRead(item, receivedAt, out var signal))
            {
                signals.Add(signal.EventId is null ? signal with { EventId = envelope.EventId } : signal);
            }
        }

        return [.. signals];
    }

    private static List<DiscardedSignals> DiscardsOf(Envelope envelope)
    {
        var discards = new List<DiscardedSignals>();
        foreach (var item in envelope.Items.Where(item => item.Type == "client_report"))
        {
            using var report = LenientJson.Parse(item.Payload);
            var reported = report?.RootElement.Field("discarded_events").Objects().Select(Discard) ?? [];
            discards.AddRange(reported.Where(discard => discard.Quantity > 0));
        }

        return discards;
    }

    private static DiscardedSignals Discard(JsonElement json) => new(
        json.Field("reason").Text() ?? OtherDiscards,
        json.Field("category").Text() ?? OtherDiscards,
        json.Field("quantity") is { ValueKind: JsonValueKind.Number } quantity && quantity.TryGetInt64(out var value) ? value : 0);

    private static void ThrowIfUnknown(SignalState state)
    {
        if (!Enum.IsDefined(state))
        {
            throw new ArgumentOutOfRangeException(nameof(state));
        }
    }

    private void Count(SignalEntry entry)
    {
        entry.Sequence = ++_sequence;
        entry.Epoch = _epoch;
        _byState[(int)entry.State]++;
        _errors += entry.Signals.Count(signal => signal is ErrorSignal);
        _transactions += entry.Signals.Count(signal => signal is TransactionSignal);
        _version++;
    }

    private void Hold(SignalEntry entry)
    {
        _held.Enqueue(entry);
        _heldBytes += entry.Bytes.Length;
        while (_held.Count > maxEnvelopes || _heldBytes > MaxBytes)
        {
            _heldBytes -= _held.Dequeue().Bytes.Length;
            _evicted++;
        }

        _newestFirst = null;
    }
}
