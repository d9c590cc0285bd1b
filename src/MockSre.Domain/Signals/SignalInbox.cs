using System.Text.Json;

namespace MockSre.Domain.Signals;

/// <summary>
/// Keeps the newest envelopes on their way to Sentry, so that they can be looked at in this process, and counts all of them.
/// Safe to use from any thread.
/// </summary>
public sealed class SignalInbox
{
    /// <summary>The most envelopes held; older ones go.</summary>
    public const int MaxEnvelopes = 2000;

    /// <summary>The most bytes of envelopes held, not gzipped: 64 MiB; older ones go. What was read from them comes on top, about as much again.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>The most pairs of reason and category that discarded signals are counted by; the rest is <see cref="OtherDiscards"/>.</summary>
    public const int MaxDiscardKinds = 50;

    /// <summary>The reason and the category of what is discarded beyond <see cref="MaxDiscardKinds"/>.</summary>
    public const string OtherDiscards = "other";

    /// <summary>Characters of a reason or a category that are kept.</summary>
    public const int MaxDiscardWord = 100;

    private static readonly SignalState[] States = Enum.GetValues<SignalState>();

    // Of all inboxes, so that an entry is settled in the one that counted it and in no other.
    private static long _epochs;

    private readonly TimeProvider _time;
    private readonly bool _holds;
    private readonly int _maxEnvelopes = MaxEnvelopes;
    private readonly Lock _gate = new();
    private readonly Queue<SignalEntry> _held = new();
    private readonly DiscardTally _discarded = new();
    private readonly long[] _byState = new long[States.Length];
    private readonly Observers<SignalEntry> _observers;
    private IReadOnlyList<SignalEntry>? _newestFirst;
    private long _epoch = Interlocked.Increment(ref _epochs);
    private long _firstDeployment;
    private DateTimeOffset _since;
    private long _heldBytes;
    private long _evicted;
    private long _unreadable;
    private long _errors;
    private long _transactions;
    private long _sequence;
    private long _version;

    /// <param name="time">Dates what arrives.</param>
    /// <param name="holds">Whether envelopes are kept; if not, they are only counted and told to subscribers.</param>
    /// <param name="observerFailed">Hears of the exceptions of observers.</param>
    public SignalInbox(TimeProvider time, bool holds = true, Action<Exception>? observerFailed = null)
    {
        _observers = new Observers<SignalEntry>(observerFailed);
        _time = time;
        _holds = holds;
        _since = time.GetUtcNow();
    }

    /// <param name="time">Dates what arrives.</param>
    /// <param name="maxEnvelopes">The most envelopes held, instead of <see cref="MaxEnvelopes"/>.</param>
    public SignalInbox(TimeProvider time, int maxEnvelopes)
        : this(time) => _maxEnvelopes = maxEnvelopes;

    /// <summary>Whether envelopes are kept.</summary>
    public bool Holds => _holds;

    /// <summary>
    /// Another number after everything that changes <see cref="Entries"/>, an entry's state or <see cref="Counts"/>: for whoever shows these, to be
    /// looked at now and then.
    /// </summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is held now, newest first. Readers share the list until the next envelope.</summary>
    public IReadOnlyList<SignalEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return _newestFirst ??= _held.Reverse().ToArray().AsReadOnly();
            }
        }
    }

    /// <summary>Another number, of any inbox, each time it is cleared: an entry of another <see cref="SignalEntry.Epoch"/> is not counted here, or no longer.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>The figures now.</summary>
    public SignalCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return new SignalCounts(
                    _epoch,
                    _since,
                    _held.Count,
                    _heldBytes,
                    _evicted,
                    _unreadable,
                    _errors,
                    _transactions,
                    States.ToDictionary(state => state, state => _byState[(int)state]).AsReadOnly(),
                    _discarded.List());
            }
        }
    }

    /// <summary>Takes an envelope and tells the subscribers. Of what no signal can be read from, only that it came is counted.</summary>
    /// <param name="bytes">The envelope, gzipped or plain; not copied, so pass an array of its own that nobody changes afterwards.</param>
    /// <param name="state">Where it stands on its way.</param>
    /// <param name="reason">Why, if there is more to say.</param>
    /// <returns>What <see cref="Settle"/> wants, also for an envelope that is not kept.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such state.</exception>
    public SignalEntry Add(ReadOnlyMemory<byte> bytes, SignalState state, string? reason = null) => Add(bytes, _ => state, reason);

    /// <inheritdoc cref="Add(ReadOnlyMemory{byte}, SignalState, string?)"/>
    /// <param name="stateOf">Says where it stands on its way, by what can be read from it.</param>
    public SignalEntry Add(ReadOnlyMemory<byte> bytes, Func<IReadOnlyList<Signal>, SignalState> stateOf, string? reason = null)
    {
        var now = _time.GetUtcNow();
        var readable = EnvelopeReader.TryRead(bytes, out var envelope, out _);
        var signals = envelope is null ? [] : SignalsOf(envelope, now);
        var discards = envelope is null ? [] : DiscardsOf(envelope);
        var state = stateOf(signals);
        ThrowIfUnknown(state);

        SignalEntry entry;
        lock (_gate)
        {
            foreach (var (cause, category, quantity) in discards)
            {
                _discarded.Add(cause, category, quantity);
                _version++;
            }

            entry = new SignalEntry(
                now,
                envelope?.Bytes ?? bytes,
                state,
                reason,
                envelope?.EventId ?? signals.FirstOrDefault()?.EventId,
                Array.AsReadOnly(signals));
            if (Array.Exists(signals, signal => signal.Deployment < _firstDeployment))
            {
                return entry;
            }

            Count(entry);
            if (!readable)
            {
                _unreadable++;
            }
            else if (_holds)
            {
                Hold(entry);
            }
        }

        _observers.Tell(entry);
        return entry;
    }

    /// <summary>
    /// Says what became of an envelope, as often as that changes. One that is not or no longer held is counted all the same; one from before a
    /// clearing is not. Subscribers are not told.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such state.</exception>
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

    /// <summary>The newest held envelope that is about an event, or holds it; null if there is none.</summary>
    /// <param name="eventId">32 hex digits in any case, with or without dashes.</param>
    public SignalEntry? Find(string eventId) =>
        EventIds.Read(eventId) is { } id
            ? Entries.FirstOrDefault(entry => entry.EventId == id || entry.Signals.Any(signal => signal.EventId == id))
            : null;

    /// <summary>Forgets everything and counts from zero.</summary>
    /// <param name="firstDeployment">
    /// From now on, signals of deployments with lower numbers are ignored: they are of requests still under way at a reset.
    /// Null, or a lower number than before, leaves this as it was.
    /// </param>
    public void Clear(long? firstDeployment = null)
    {
        lock (_gate)
        {
            _firstDeployment = Math.Max(_firstDeployment, firstDeployment ?? 0);
            _epoch = Interlocked.Increment(ref _epochs);
            _since = _time.GetUtcNow();
            _held.Clear();
            _newestFirst = null;
            _discarded.Clear();
            Array.Clear(_byState);
            _heldBytes = _evicted = _unreadable = _errors = _transactions = 0;
            _version++;
        }
    }

    /// <summary>
    /// Calls an observer after each envelope that was counted, on the thread that added it, until what is returned is disposed of: for whoever
    /// counts. It hears nothing of what becomes of an envelope later, nor of clearings. An observer that throws spoils nothing.
    /// </summary>
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

    private static List<(string Reason, string Category, long Quantity)> DiscardsOf(Envelope envelope)
    {
        var discards = new List<(string, string, long)>();
        foreach (var item in envelope.Items.Where(item => item.Type == "client_report"))
        {
            if (!LenientJson.TryParse(item.Payload, out var report))
            {
                continue;
            }

            using (report)
            {
                discards.AddRange(report.RootElement.Field("discarded_events").Objects()
                    .Select(Discard)
                    .Where(discard => discard.Quantity > 0));
            }
        }

        return discards;
    }

    private static (string Reason, string Category, long Quantity) Discard(JsonElement json) => (
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
        while (_held.Count > _maxEnvelopes || _heldBytes > MaxBytes)
        {
            _heldBytes -= _held.Dequeue().Bytes.Length;
            _evicted++;
        }

        _newestFirst = null;
    }
}
