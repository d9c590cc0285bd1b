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

    private readonly TimeProvider _time;
    private readonly bool _holds;
    private readonly Lock _gate = new();
    private readonly Queue<SignalEntry> _held = new();
    private readonly DiscardTally _discarded = new();
    private readonly long[] _byState = new long[States.Length];
    private volatile Subscription[] _subscriptions = [];
    private IReadOnlyList<SignalEntry>? _newestFirst;
    private object _epoch = new();
    private DateTimeOffset? _notFromBefore;
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
    public SignalInbox(TimeProvider time, bool holds = true)
    {
        _time = time;
        _holds = holds;
        _since = time.GetUtcNow();
    }

    /// <summary>Whether envelopes are kept.</summary>
    public bool Holds => _holds;

    /// <summary>Another number after everything that changes <see cref="Entries"/>, an entry's state or <see cref="Counts"/>.</summary>
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

    /// <summary>The figures now.</summary>
    public SignalCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return new SignalCounts(
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
    public SignalEntry Add(ReadOnlyMemory<byte> bytes, SignalState state, string? reason = null)
    {
        ThrowIfUnknown(state);
        var now = _time.GetUtcNow();
        var readable = EnvelopeReader.TryRead(bytes, out var envelope, out _);
        var all = envelope is null ? [] : SignalsOf(envelope, now);
        var discards = envelope is null ? [] : DiscardsOf(envelope);

        SignalEntry entry;
        lock (_gate)
        {
            foreach (var (cause, category, quantity) in discards)
            {
                _discarded.Add(cause, category, quantity);
                _version++;
            }

            var signals = _notFromBefore is null ? all : Array.FindAll(all, signal => !(signal.DeploymentSince < _notFromBefore));
            entry = new SignalEntry(
                now,
                envelope?.Bytes ?? bytes,
                state,
                reason,
                envelope?.EventId ?? all.FirstOrDefault()?.EventId,
                Array.AsReadOnly(signals));
            if (all.Length > 0 && signals.Length == 0)
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

        foreach (var subscription in _subscriptions)
        {
            subscription.Tell(entry);
        }

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
            if (ReferenceEquals(entry.Epoch, _epoch))
            {
                _byState[(int)entry.State]--;
                _byState[(int)state]++;
            }

            entry.Settle(state, reason);
            _version++;
        }
    }

    /// <summary>Counts what the SDK discarded before it became an envelope; client reports inside envelopes are counted without this.</summary>
    /// <param name="reason">Such as <c>queue_overflow</c>.</param>
    /// <param name="category">Such as <c>error</c>.</param>
    /// <param name="quantity">How many; zero or less counts nothing.</param>
    public void NoteDiscarded(string reason, string category, long quantity)
    {
        if (quantity <= 0)
        {
            return;
        }

        lock (_gate)
        {
            _discarded.Add(reason, category, quantity);
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
    /// <param name="notFromBefore">
    /// From now on, signals of a deployment that became current earlier than this are ignored: they are of requests still under way at a reset.
    /// Null leaves this as it was.
    /// </param>
    public void Clear(DateTimeOffset? notFromBefore = null)
    {
        lock (_gate)
        {
            _notFromBefore = notFromBefore ?? _notFromBefore;
            _epoch = new object();
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
    /// Calls an observer after each envelope that was counted, on the thread that added it, until what is returned is disposed of. An observer
    /// that throws spoils nothing.
    /// </summary>
    public IDisposable Subscribe(Action<SignalEntry> observer)
    {
        var subscription = new Subscription(this, observer);
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

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
        while (_held.Count > MaxEnvelopes || _heldBytes > MaxBytes)
        {
            _heldBytes -= _held.Dequeue().Bytes.Length;
            _evicted++;
        }

        _newestFirst = null;
    }

    private sealed class Subscription(SignalInbox source, Action<SignalEntry> observer) : IDisposable
    {
        private volatile bool _over;

        public void Tell(SignalEntry entry)
        {
            try
            {
                if (!_over)
                {
                    observer(entry);
                }
            }
            catch (Exception)
            {
                // The envelope is on its way, and whoever added it has no part in what an observer does with the news.
            }
        }

        public void Dispose()
        {
            _over = true;
            lock (source._gate)
            {
                source._subscriptions = Array.FindAll(source._subscriptions, other => other != this);
            }
        }
    }
}
