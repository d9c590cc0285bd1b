using MockSre.Domain.Settings;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

public enum ExpectationState
{
    Pending,

    Witnessed,

    Absent,

    /// <summary>Signals are missing that would tell.</summary>
    Unavailable,
}

/// <param name="Reason">Why the state is unavailable; null otherwise.</param>
public sealed record Expectation(ExpectedSignal Expected, ExpectationState State, long Observed, string? LatestEventId, string? Reason);

/// <param name="Label">The mode; null if the deployment is no mode.</param>
/// <param name="Since">UTC: when the deployment was published, or when the inbox was cleared after that.</param>
/// <param name="Requests">Counts transactions, except 4xx: a client's mistake or disconnect says nothing about the mode.</param>
/// <param name="Undelivered">Envelopes refused or dropped since then, including those of earlier deployments.</param>
public sealed record ExpectationReport(
    string? Label, DateTimeOffset Since, long Requests, long Undelivered, IReadOnlyList<Expectation> Expectations,
    IReadOnlyList<SentryRequirement> SentryRequirements);

/// <summary>Compares the signals of the current deployment with those that its mode should show.</summary>
/// <remarks>Each signal counts once, when it arrives. Late signals of an earlier deployment do not count.</remarks>
public sealed class SignalExpectations : IDisposable
{
    /// <summary>A signal that is not seen in this many requests is absent.</summary>
    public const int EnoughToMiss = 50;

    /// <summary>A statement about all or most requests needs this many.</summary>
    public const int EnoughToTrust = 20;

    private readonly FailureSwitch _failures;
    private readonly SignalInbox _inbox;
    private readonly string? _inboxOff;
    private readonly double _sampleRate;
    private readonly Lock _gate = new();
    private readonly IDisposable _signals;
    private readonly IDisposable _changes;
    private Tally _tally;
    private long _slowQueries;

    public SignalExpectations(FailureSwitch failures, SignalInbox inbox, ServiceSettings settings)
    {
        _failures = failures;
        _inbox = inbox;
        _inboxOff = settings.SignalInbox ? null : "the inbox is off (SIGNAL_INBOX=false)";
        _sampleRate = settings.TracesSampleRate;
        _tally = Begin(failures.Current, inbox.Counts);
        _signals = inbox.Subscribe(Count);

        // Begins a tally with each deployment, so that signals lost before its first signal count as lost.
        _changes = failures.Subscribe(_ => Keep());
        Keep();
    }

    public ExpectationReport Report()
    {
        lock (_gate)
        {
            var current = _failures.Current;
            var counts = _inbox.Counts;
            var tally = TallyOf(current, counts);
            var lost = counts.Lost - tally.LostBefore;
            return new ExpectationReport(
                current.Label,
                tally.Since,
                tally.Requests,
                counts.Undelivered - tally.UndeliveredBefore,
                [.. tally.Expectations.Select(expectation => Judge(expectation, tally.Requests, lost))],
                [.. (tally.Mode?.SentryRequirements ?? []).Select(required => Count(required, tally))]);
        }
    }

    public void Dispose()
    {
        _changes.Dispose();
        _signals.Dispose();
    }

    private void Keep()
    {
        lock (_gate)
        {
            TallyOf(_failures.Current);
        }
    }

    // The tally of the current deployment. A new deployment or an emptied inbox begins a new one. Called under the lock.
    private Tally TallyOf(Deployment current, SignalCounts? counts = null)
    {
        var epoch = counts?.Epoch ?? _inbox.Epoch;
        if (_tally.Deployment == current.Number && _tally.Epoch == epoch)
        {
            return _tally;
        }

        // Signals that were lost since the inbox was emptied belong to the current deployment.
        counts ??= _inbox.Counts;
        return _tally = _tally.Deployment == current.Number
            ? new Tally(current, counts.Epoch, counts.Since, lostBefore: 0, undeliveredBefore: 0)
            : Begin(current, counts);
    }

    private static Tally Begin(Deployment deployment, SignalCounts before) =>
        new(deployment, before.Epoch, deployment.Since, before.Lost, before.Undelivered);

    private void Count(SignalEntry entry)
    {
        lock (_gate)
        {
            var tally = TallyOf(_failures.Current);
            foreach (var signal in entry.Signals.Where(signal => signal.Deployment is not null))
            {
                _slowQueries += signal is TransactionSignal transaction ? transaction.Spans.Count(ExpectedSignal.IsSlowQuery) : 0;
                if (signal.Deployment == tally.Deployment && entry.Epoch == tally.Epoch)
                {
                    tally.Count(signal);
                }
            }
        }
    }

    private Expectation Judge(Expectation seen, long requests, long lost)
    {
        // One signal is enough, even if others were lost or left out.
        var isCertain = seen.Observed > 0 && seen.Expected.Goal is (Goal.Some or Goal.Never);
        var unavailable = _inboxOff ?? (isCertain ? null
            : seen.Expected.NeedsTransactions && _sampleRate < 1 ? "not every request is a transaction (SENTRY_TRACES_SAMPLE_RATE below 1)"
            : lost > 0 ? $"{lost} signals were lost before they could be counted"
            : null);
        var state = unavailable is not null ? ExpectationState.Unavailable : seen.Expected.Goal switch
        {
            Goal.Never when seen.Observed > 0 => ExpectationState.Absent,
            Goal.Never => requests >= EnoughToTrust ? ExpectationState.Witnessed : ExpectationState.Pending,
            Goal.Some when seen.Observed > 0 => ExpectationState.Witnessed,
            Goal.Usual when requests >= EnoughToTrust && seen.Observed >= requests * 0.9 => ExpectationState.Witnessed,
            Goal.Percentile95 when requests >= EnoughToTrust && seen.Observed > requests * 0.05 => ExpectationState.Witnessed,
            _ => requests >= EnoughToMiss ? ExpectationState.Absent : ExpectationState.Pending,
        };
        return seen with { State = state, Reason = unavailable };
    }

    // Sentry counts slow queries across modes, and only those of sampled transactions.
    private SentryRequirement Count(SentryRequirement required, Tally tally)
    {
        if (required != SentryRequirement.SlowQueryIssue || _inboxOff is not null || _sampleRate == 0)
        {
            return required;
        }

        var perTransaction = tally.SlowQueries > 0 ? (double)tally.SlowQueries / tally.Requests : tally.Mode!.SlowQueriesPerTransaction;
        var toGo = Math.Max(0, SentryRequirement.SlowQueryThreshold - _slowQueries);
        return required with
        {
            Observed = _slowQueries,
            RequestsToGo = (long)Math.Ceiling(Math.Round(toGo / perTransaction / _sampleRate, 6)),
        };
    }

    private sealed class Tally(Deployment deployment, long epoch, DateTimeOffset since, long lostBefore, long undeliveredBefore)
    {
        public long Deployment => deployment.Number;
        public FailureMode? Mode { get; } = Modes.Find(deployment.Label);
        public long Epoch => epoch;
        public DateTimeOffset Since => since;
        public long LostBefore => lostBefore;
        public long UndeliveredBefore => undeliveredBefore;
        public long Requests { get; private set; }
        public long SlowQueries { get; private set; }

        /// <summary>Not yet judged.</summary>
        public Expectation[] Expectations { get; } =
        [
            .. (Modes.Find(deployment.Label)?.ExpectedSignals ?? [])
                .Select(expected => new Expectation(expected, ExpectationState.Pending, Observed: 0, LatestEventId: null, Reason: null)),
        ];

        public void Count(Signal signal)
        {
            if (signal is TransactionSignal transaction)
            {
                // A client's mistake or disconnect says nothing about the mode.
                if (transaction.HttpStatus is >= 400 and < 500)
                {
                    return;
                }

                Requests++;
                SlowQueries += transaction.Spans.Count(ExpectedSignal.IsSlowQuery);
            }

            foreach (ref var seen in Expectations.AsSpan())
            {
                if (seen.Expected.IsEvidence(signal))
                {
                    seen = seen with { Observed = seen.Observed + 1, LatestEventId = signal.EventId };
                }
            }
        }
    }
}
