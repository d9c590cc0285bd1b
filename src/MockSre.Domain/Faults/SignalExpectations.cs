using MockSre.Domain.Settings;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Faults;

/// <summary>What became of one expected signal.</summary>
public enum ExpectationState
{
    /// <summary>Too few requests to tell.</summary>
    Pending,

    /// <summary>It is as stated.</summary>
    Witnessed,

    /// <summary>It is not as stated.</summary>
    Absent,

    /// <summary>It cannot be told.</summary>
    Unavailable,
}

/// <summary>One expected signal and what was observed of it.</summary>
/// <param name="Expected">The statement.</param>
/// <param name="State">What became of it.</param>
/// <param name="Observed">Signals that are evidence.</param>
/// <param name="LatestEventId">The newest of them; null for none.</param>
/// <param name="Reason">Why it is unavailable; null where it is not.</param>
public sealed record Expectation(ExpectedSignal Expected, ExpectationState State, long Observed, string? LatestEventId, string? Reason);

/// <summary>The expectations of the deployment in force.</summary>
/// <param name="Label">Its mode.</param>
/// <param name="Since">Since when signals were counted, UTC: when it was published, or when the inbox was emptied after that.</param>
/// <param name="Requests">Transactions observed since, but for those that tell nothing of the mode: status 4xx, their callers' mistake or leave.</param>
/// <param name="Undelivered">Envelopes, also of earlier deployments, that since then Sentry refused or that were dropped on the way.</param>
public sealed record ExpectationReport(
    string? Label,
    DateTimeOffset Since,
    long Requests,
    long Undelivered,
    IReadOnlyList<Expectation> Expectations,
    IReadOnlyList<SentryRequirement> SentryRequirements);

/// <summary>
/// Compares what a mode should show with what came, counting each signal once, as it comes. Only signals of the deployment in
/// force count: those of requests that began before it say so themselves.
/// </summary>
public sealed class SignalExpectations : IDisposable
{
    /// <summary>Requests after which what has not been seen counts as absent.</summary>
    public const int EnoughToMiss = 50;

    /// <summary>Requests after which what has not gone wrong counts as witnessed.</summary>
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

    /// <param name="failures">Says which deployment is in force.</param>
    /// <param name="inbox">Tells of each signal.</param>
    /// <param name="settings">Say whether every signal can be seen.</param>
    public SignalExpectations(FailureSwitch failures, SignalInbox inbox, ServiceSettings settings)
    {
        _failures = failures;
        _inbox = inbox;
        _inboxOff = settings.SignalInbox ? null : "the inbox is off (SIGNAL_INBOX=false)";
        _sampleRate = settings.TracesSampleRate;
        _tally = Begin(failures.Current, inbox.Counts);
        _signals = inbox.Subscribe(Count);

        // At once, so that what is lost before the first signal of a deployment comes is lost of that one.
        _changes = failures.Subscribe(_ => Keep());
        Keep();
    }

    /// <summary>The expectations of the deployment in force, and what was observed of them.</summary>
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
                [.. tally.Evidence.Select(evidence => Judge(evidence, tally.Requests, lost))],
                RequirementsOf(tally));
        }
    }

    /// <summary>Counts no more.</summary>
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

    // The tally of the deployment in force, begun anew if it is another's or if the inbox was cleared. Under the lock.
    private Tally TallyOf(Deployment current, SignalCounts? counts = null)
    {
        var epoch = counts?.Epoch ?? _inbox.Epoch;
        if (_tally.Deployment == current.Number && _tally.Epoch == epoch)
        {
            return _tally;
        }

        // Whatever was lost since a clearing was lost of the deployment in force.
        counts ??= _inbox.Counts;
        _tally = _tally.Deployment == current.Number
            ? new Tally(current, counts.Epoch, counts.Since, lostBefore: 0, undeliveredBefore: 0)
            : Begin(current, counts);
        return _tally;
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

    private Expectation Judge(Evidence evidence, long requests, long lost)
    {
        var expected = evidence.Expected;
        var unavailable = _inboxOff ?? (IsCertain(evidence) ? null
            : expected.NeedsTransactions && _sampleRate < 1 ? "not every request is a transaction (SENTRY_TRACES_SAMPLE_RATE below 1)"
            : lost > 0 ? $"{lost} signals were lost before they could be counted"
            : null);
        var state = unavailable is not null ? ExpectationState.Unavailable : expected.Goal switch
        {
            Goal.Never when evidence.Observed > 0 => ExpectationState.Absent,
            Goal.Never => requests >= EnoughToTrust ? ExpectationState.Witnessed : ExpectationState.Pending,
            Goal.Some when evidence.Observed > 0 => ExpectationState.Witnessed,
            Goal.Usual when requests >= EnoughToTrust && evidence.Observed >= requests * 0.9 => ExpectationState.Witnessed,
            Goal.Percentile95 when requests >= EnoughToTrust && evidence.Observed > requests * 0.05 => ExpectationState.Witnessed,
            _ => requests >= EnoughToMiss ? ExpectationState.Absent : ExpectationState.Pending,
        };
        return new Expectation(expected, state, evidence.Observed, evidence.LatestEventId, unavailable);
    }

    // One signal settles it, whatever others were lost or left out.
    private static bool IsCertain(Evidence evidence) => evidence.Observed > 0 && evidence.Expected.Goal is (Goal.Some or Goal.Never);

    private List<SentryRequirement> RequirementsOf(Tally tally) =>
    [
        .. (tally.Mode?.SentryRequirements ?? []).Select(required =>
            required == SentryRequirement.SlowQueryIssue ? CountSlowQueries(tally) : required),
    ];

    // Sentry goes on counting, whatever mode is set meanwhile, and counts sampled transactions only.
    private SentryRequirement CountSlowQueries(Tally tally)
    {
        if (_inboxOff is not null || _sampleRate == 0)
        {
            return SentryRequirement.SlowQueryIssue;
        }

        var perTransaction = tally.SlowQueries > 0 ? (double)tally.SlowQueries / tally.Requests : tally.Mode!.SlowQueriesPerTransaction;
        var toGo = Math.Max(0, SentryRequirement.SlowQueryThreshold - _slowQueries);
        return SentryRequirement.SlowQueryIssue with
        {
            Observed = _slowQueries,
            RequestsToGo = (long)Math.Ceiling(Math.Round(toGo / perTransaction / _sampleRate, 6)),
        };
    }

    private sealed class Evidence(ExpectedSignal expected)
    {
        public ExpectedSignal Expected => expected;

        public long Observed { get; set; }

        public string? LatestEventId { get; set; }
    }

    /// <summary>What was observed of one deployment.</summary>
    private sealed class Tally(Deployment deployment, long epoch, DateTimeOffset since, long lostBefore, long undeliveredBefore)
    {
        public long Deployment => deployment.Number;

        /// <summary>Null for a deployment that stands for no mode.</summary>
        public FailureMode? Mode { get; } = Modes.Find(deployment.Label);

        public long Epoch => epoch;

        public DateTimeOffset Since => since;

        public long LostBefore => lostBefore;

        public long UndeliveredBefore => undeliveredBefore;

        public long Requests { get; private set; }

        public long SlowQueries { get; private set; }

        public IReadOnlyList<Evidence> Evidence { get; } =
            [.. (Modes.Find(deployment.Label)?.ExpectedSignals ?? []).Select(expected => new Evidence(expected))];

        public void Count(Signal signal)
        {
            if (signal is TransactionSignal transaction)
            {
                // Whoever asks for nobody, or leaves, tells nothing of the mode.
                if (transaction.HttpStatus is >= 400 and < 500)
                {
                    return;
                }

                Requests++;
                SlowQueries += transaction.Spans.Count(ExpectedSignal.IsSlowQuery);
            }

            foreach (var evidence in Evidence.Where(evidence => evidence.Expected.IsEvidence(signal)))
            {
                evidence.Observed++;
                evidence.LatestEventId = signal.EventId;
            }
        }
    }
}
