using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Signals;
using static MockSre.Testing.Envelopes;

namespace MockSre.Domain.Tests.Signals;

public sealed class SignalInboxTests
{
    private readonly FakeTimeProvider _time = new(At);
    private readonly SignalInbox _inbox;

    public SignalInboxTests() => _inbox = new SignalInbox(_time);

    [Fact]
    public void Counts_AtTheStart_AreZero()
    {
        var counts = _inbox.Counts;

        Assert.Equal(new SignalCounts(counts.Epoch, At, 0, 0, 0, 0, 0, 0, counts.ByState, counts.Discarded), counts);
        Assert.Equal(Enum.GetValues<SignalState>().Select(state => (state, 0L)), counts.ByState.Select(pair => (pair.Key, pair.Value)));
        Assert.Empty(counts.Discarded);
        Assert.Empty(_inbox.Entries);
    }

    [Fact]
    public void Add_AnErrorAndATransaction_AreHeldNewestFirst()
    {
        byte[] error = Of("event", Error()), transaction = Of("transaction", Transaction());
        var first = _inbox.Add(error, SignalState.Queued);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = _inbox.Add(transaction, SignalState.Local, "no DSN");

        Assert.Equal([second, first], _inbox.Entries);
        Assert.Equal(
            (1, At, EventId, SignalState.Queued, null), (first.Sequence, first.ReceivedAt, first.EventId, first.State, first.Reason));
        Assert.Equal((2, At.AddSeconds(1), SignalState.Local, "no DSN"), (second.Sequence, second.ReceivedAt, second.State, second.Reason));
        Assert.Equal(error, first.Bytes.ToArray());
        Assert.IsType<ErrorSignal>(Assert.Single(first.Signals));
        Assert.IsType<TransactionSignal>(Assert.Single(second.Signals));
        AssertCounts(held: 2, heldBytes: error.Length + transaction.Length, errors: 1, transactions: 1);
        AssertStates(queued: 1, local: 1);
    }

    [Fact]
    public void Add_AGzippedEnvelope_IsHeldAsItReads()
    {
        var plain = Of("event", Error());

        var entry = _inbox.Add(Gzip(plain), SignalState.Sent);

        Assert.Equal(plain, entry.Bytes.ToArray());
        AssertCounts(held: 1, heldBytes: plain.Length, errors: 1);
    }

    [Fact]
    public void Add_AnEnvelopeOfOtherItems_IsHeldWithoutSignals()
    {
        Assert.Empty(_inbox.Add(OfSize(100), SignalState.Local).Signals);

        AssertCounts(held: 1, heldBytes: 100);
    }

    [Fact]
    public void Add_TheUnreadableOrTooLarge_IsCountedAndNotHeld()
    {
        var unreadable = _inbox.Add("no envelope"u8.ToArray(), SignalState.Queued);
        _inbox.Add(OfSize(EnvelopeReader.MaxBytes + 1), SignalState.Queued);
        _inbox.Add(GzipOfZeros(5), SignalState.Queued);

        _inbox.Settle(unreadable, SignalState.Refused, "status 400");

        AssertCounts(unreadable: 3);
        AssertStates(queued: 2, refused: 1);
        Assert.Equal((SignalState.Refused, "status 400"), (unreadable.State, unreadable.Reason));
        Assert.Empty(unreadable.Signals);
    }

    [Fact]
    public void Add_ASignalWithoutId_HasThatOfItsEnvelope()
    {
        var entry = _inbox.Add(Of("event", "{}", EventId), SignalState.Local);

        Assert.Equal((EventId, EventId), (entry.EventId, entry.Signals[0].EventId));
    }

    [Fact]
    public void Add_BeyondTheMostEnvelopes_EvictsTheOldest()
    {
        for (var i = 1; i <= SignalInbox.MaxEnvelopes; i++)
        {
            _inbox.Add(OfSize(100), SignalState.Local);
        }

        AssertCounts(held: 2000, heldBytes: 200_000);
        _inbox.Add(Of("event", Error()), SignalState.Local);

        Assert.Equal((2000, 1), (_inbox.Counts.Held, _inbox.Counts.Evicted));
        Assert.Equal(200_000 - 100 + Of("event", Error()).Length, _inbox.Counts.HeldBytes);
        Assert.Equal((2001, 2), (_inbox.Entries[0].Sequence, _inbox.Entries[^1].Sequence));
        AssertStates(local: 2001);
    }

    [Fact]
    public void Add_BeyondTheMostBytes_EvictsTheOldest()
    {
        var largest = OfSize(EnvelopeReader.MaxBytes);
        for (var i = 0; i < 16; i++)
        {
            _inbox.Add(largest, SignalState.Local);
        }

        AssertCounts(held: 16, heldBytes: SignalInbox.MaxBytes);
        _inbox.Add("{}"u8.ToArray(), SignalState.Local);
        AssertCounts(held: 16, heldBytes: (15L * largest.Length) + 2, evicted: 1);

        // The first fills the free bytes exactly. The second exceeds the limit.
        _inbox.Add(OfSize(largest.Length - 2), SignalState.Local);
        AssertCounts(held: 17, heldBytes: SignalInbox.MaxBytes, evicted: 1);
        _inbox.Add(largest, SignalState.Local);
        AssertCounts(held: 17, heldBytes: SignalInbox.MaxBytes, evicted: 2);
    }

    [Fact]
    public void Add_WhenItHoldsNothing_StillCountsAndTells()
    {
        var inbox = new SignalInbox(_time, holds: false);
        var told = new List<SignalEntry>();
        using var subscription = inbox.Subscribe(told.Add);

        var entry = inbox.Add(Of("event", Error()), SignalState.Queued);
        inbox.Add("x"u8.ToArray(), SignalState.Queued);
        inbox.Settle(entry, SignalState.Sent);

        Assert.Empty(inbox.Entries);
        Assert.Null(inbox.Find(EventId));
        var counts = inbox.Counts;
        Assert.Equal((0, 0, 0, 1, 1), (counts.Held, counts.HeldBytes, counts.Evicted, counts.Unreadable, counts.Errors));
        Assert.Equal((1, 1), (counts.ByState[SignalState.Sent], counts.ByState[SignalState.Queued]));
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public void Settle_AnEntry_MovesItFromStateToState()
    {
        var entry = _inbox.Add(Of("event", Error()), SignalState.Queued);

        _inbox.Settle(entry, SignalState.Dropped, "no answer in time");
        AssertStates(dropped: 1);
        Assert.Equal((SignalState.Dropped, "no answer in time"), (entry.State, entry.Reason));

        _inbox.Settle(entry, SignalState.Sent);
        _inbox.Settle(entry, SignalState.Sent);
        AssertStates(sent: 1);
        Assert.Equal((SignalState.Sent, null), (entry.State, entry.Reason));
    }

    [Fact]
    public void Settle_AnEvictedEntry_IsStillCounted()
    {
        var evicted = _inbox.Add(OfSize(100), SignalState.Queued);
        for (var i = 0; i < SignalInbox.MaxEnvelopes; i++)
        {
            _inbox.Add(OfSize(100), SignalState.Local);
        }

        Assert.DoesNotContain(evicted, _inbox.Entries);
        _inbox.Settle(evicted, SignalState.Sent);

        AssertStates(sent: 1, local: 2000);
    }

    [Fact]
    public void Settle_AnEntryFromBeforeAClear_CountsNothing()
    {
        var before = _inbox.Add(OfSize(100), SignalState.Queued);
        _inbox.Clear();
        _inbox.Add(OfSize(100), SignalState.Queued);

        _inbox.Settle(before, SignalState.Sent);

        Assert.Equal(SignalState.Sent, before.State);
        AssertStates(queued: 1);
    }

    [Fact]
    public void Settle_AnEntryOfAnotherInbox_CountsNothing()
    {
        var other = new SignalInbox(_time).Add(OfSize(100), SignalState.Queued);

        _inbox.Settle(other, SignalState.Sent);

        AssertStates();
    }

    [Fact]
    public void AddAndSettle_AStateThatIsNone_IsRefusedAndSpoilsNothing()
    {
        var entry = _inbox.Add(OfSize(100), SignalState.Queued);

        Assert.Throws<ArgumentOutOfRangeException>(() => _inbox.Add(OfSize(100), (SignalState)5));
        Assert.Throws<ArgumentOutOfRangeException>(() => _inbox.Settle(entry, (SignalState)(-1)));

        AssertStates(queued: 1);
    }

    [Theory]
    [InlineData("1ed564620c474626a29a65dd9753dc3d", true)]
    [InlineData("1ED56462-0C47-4626-A29A-65DD9753DC3D", true)]
    [InlineData("2ed564620c474626a29a65dd9753dc3d", false)]
    [InlineData("1ed56462", false)]
    [InlineData("", false)]
    public void Find_ById_IsTheNewestOfIt(string id, bool found)
    {
        _inbox.Add(Of("event", Error(2)), SignalState.Local);
        _inbox.Add(Of("event", Error()), SignalState.Local);
        var newest = _inbox.Add(Of("event", Error()), SignalState.Local);
        _inbox.Add(OfSize(100), SignalState.Local);

        Assert.Same(found ? newest : null, _inbox.Find(id));
    }

    [Fact]
    public void Find_AnIdInAnItemOnly_IsFound()
    {
        var entry = _inbox.Add(Of("event", Error().ToJsonString()), SignalState.Local);

        Assert.Equal(EventId, entry.EventId);
        Assert.Same(entry, _inbox.Find(EventId));
    }

    [Fact]
    public void Add_ClientReports_AreAddedUp()
    {
        Discard("queue_overflow", "error", 2);
        Discard("queue_overflow", "error", 0);
        Discard("queue_overflow", "error", -4);
        _inbox.Add(
            Of("client_report", """
                {"timestamp":1,"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":3},
                {"reason":"sample_rate","category":"transaction","quantity":7},
                {"reason":"x","category":"y","quantity":-1},{"reason":"x","category":"y","quantity":"1"},null,{"quantity":1}]}
                """),
            SignalState.Local);
        _inbox.Add(Of("client_report", """{"discarded_events":7}"""), SignalState.Local);
        _inbox.Add(Of("client_report", "no JSON"), SignalState.Local);

        Assert.Equal(
            [new("sample_rate", "transaction", 7), new("queue_overflow", "error", 5), new DiscardedSignals("other", "other", 1)],
            _inbox.Counts.Discarded);
    }

    [Fact]
    public void Add_ClientReportsOfTooManyKinds_CountsTheRestTogether()
    {
        for (var i = 0; i < SignalInbox.MaxDiscardKinds + 5; i++)
        {
            Discard($"reason {i}", "error", 1);
        }

        Discard("reason 0", "error", 1);

        var discarded = _inbox.Counts.Discarded;
        Assert.Equal(51, discarded.Count);
        Assert.Equal([new("other", "other", 5), new DiscardedSignals("reason 0", "error", 2)], discarded.Take(2));
    }

    [Fact]
    public void Add_ClientReportsOfHugeWordsAndQuantities_StayBounded()
    {
        Discard(new string('r', 10_000), new string('c', 10_000), long.MaxValue);
        Discard(new string('r', 10_000), new string('c', 10_000), 5);

        var discarded = Assert.Single(_inbox.Counts.Discarded);
        Assert.Equal((100, 100, long.MaxValue), (discarded.Reason.Length, discarded.Category.Length, discarded.Quantity));
    }

    [Fact]
    public void Clear_WhenFull_ForgetsAndCountsFromZero()
    {
        for (var i = 0; i <= SignalInbox.MaxEnvelopes; i++)
        {
            _inbox.Add(Of("event", Error()), SignalState.Local);
        }

        _inbox.Add("x"u8.ToArray(), SignalState.Local);
        Discard("queue_overflow", "error", 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        _inbox.Clear();

        Assert.Equal(At.AddMinutes(1), _inbox.Counts.Since);
        Counts_AreZero();
        Assert.Null(_inbox.Find(EventId));
        Assert.Equal(2004, _inbox.Add(OfSize(100), SignalState.Local).Sequence);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(-1, true)]
    public void Clear_FirstDeployment_IgnoresOlderDeployments(int later, bool kept)
    {
        var told = new List<SignalEntry>();
        using var subscription = _inbox.Subscribe(told.Add);
        _inbox.Clear(Deployment + later);
        var version = _inbox.Version;

        var error = _inbox.Add(Of("event", Error()), SignalState.Queued);
        var transaction = _inbox.Add(Of("transaction", Transaction()), SignalState.Queued);
        _inbox.Settle(error, SignalState.Sent);

        Assert.Equal(kept ? [error, transaction] : [], told);
        Assert.Equal(SignalState.Sent, error.State);
        if (kept)
        {
            Assert.Equal((2, 1, 1), (_inbox.Counts.Held, _inbox.Counts.Errors, _inbox.Counts.Transactions));
            AssertStates(queued: 1, sent: 1);
        }
        else
        {
            Counts_AreZero();
            Assert.Equal((0, null, 1), (error.Sequence, error.Epoch, error.Signals.Count));
        }

        Assert.True(_inbox.Version > version);
    }

    [Fact]
    public void Clear_FirstDeployment_KeepsWhatNamesNoDeploymentAndWhatIsNoSignal()
    {
        _inbox.Clear(Deployment + 1000);

        _inbox.Add(Of("event", "{}"), SignalState.Local);
        _inbox.Add(OfSize(100), SignalState.Local);
        _inbox.Add("x"u8.ToArray(), SignalState.Local);

        Assert.Equal((2, 1, 1), (_inbox.Counts.Held, _inbox.Counts.Errors, _inbox.Counts.Unreadable));
    }

    [Fact]
    public void Clear_WithoutADeploymentOrWithAnEarlierOne_LeavesTheLaterOne()
    {
        _inbox.Clear(Deployment + 1);
        _inbox.Clear();
        _inbox.Add(Of("event", Error()), SignalState.Local);
        Counts_AreZero();

        _inbox.Clear(Deployment);
        _inbox.Add(Of("event", Error()), SignalState.Local);
        Counts_AreZero();
    }

    [Fact]
    public void Clear_FirstDeployment_IgnoresAnEnvelopeThatHoldsAnOlderOneToo()
    {
        _inbox.Clear(Deployment + 1);
        var old = Error().ToJsonString();
        var mixed = $"{{}}\n{{\"type\":\"event\"}}\n{old}\n{{\"type\":\"event\"}}\n{{\"message\":\"new\"}}\n";

        var entry = _inbox.Add(Utf8(mixed), SignalState.Local);

        Assert.Equal(2, entry.Signals.Count);
        Counts_AreZero();
    }

    [Fact]
    public void Subscribe_UntilDisposedOf_HearsOfEachInOrderOutsideTheLock()
    {
        var told = new List<(long Sequence, int Held)>();
        using var broken = _inbox.Subscribe(_ => throw new InvalidOperationException("broken observer"));
        var subscription = _inbox.Subscribe(entry =>
        {
            // Another thread reads, so a lock that is still held would block it.
            var counts = Task.Run(() => _inbox.Counts);
            Assert.True(counts.Wait(TimeSpan.FromSeconds(10)));
            told.Add((entry.Sequence, counts.Result.Held));
        });

        _inbox.Add(OfSize(100), SignalState.Local);
        _inbox.Add("x"u8.ToArray(), SignalState.Local);
        _inbox.Add(OfSize(100), SignalState.Local);
        subscription.Dispose();
        subscription.Dispose();
        _inbox.Add(OfSize(100), SignalState.Local);

        Assert.Equal([(1, 1), (2, 1), (3, 2)], told);
    }

    [Fact]
    public void Version_WithEachChange_IsAnother()
    {
        var versions = new List<long> { _inbox.Version };
        void Step(Action change)
        {
            change();
            versions.Add(_inbox.Version);
        }

        var entry = _inbox.Add(OfSize(100), SignalState.Queued);
        Step(() => _inbox.Add("x"u8.ToArray(), SignalState.Local));
        Step(() => _inbox.Settle(entry, SignalState.Sent));
        Step(() => Discard("a", "b", 1));
        Step(() => _inbox.Clear());
        Assert.Equal(5, versions.Distinct().Count());

        Assert.Same(_inbox.Entries, _inbox.Entries);
        Step(() => _ = _inbox.Counts);
        Assert.Equal(versions[^2], versions[^1]);
    }

    [Fact]
    public void Subscribe_AnObserverThatThrows_IsTold()
    {
        var failures = new List<Exception>();
        var inbox = new SignalInbox(_time, observerFailed: failures.Add);
        var broken = new InvalidOperationException("broken observer");
        using var subscription = inbox.Subscribe(_ => throw broken);

        inbox.Add(OfSize(100), SignalState.Local);

        Assert.Same(broken, Assert.Single(failures));
    }

    [Fact]
    public void Subscribe_NobodyLeftToTellOfAnObserverThatThrows_SpoilsNothing()
    {
        var inbox = new SignalInbox(_time, observerFailed: _ => throw new ObjectDisposedException("log"));
        var told = 0;
        using var broken = inbox.Subscribe(_ => throw new InvalidOperationException("broken observer"));
        using var other = inbox.Subscribe(_ => told++);

        inbox.Add(OfSize(100), SignalState.Local);

        Assert.Equal(1, told);
    }

    [Fact]
    public async Task AddAndSettle_FromManyThreads_AddUp()
    {
        const int Adders = 6, Each = 500;
        var unsettled = new ConcurrentQueue<SignalEntry>();
        var told = new ConcurrentQueue<SignalEntry>();
        using var subscription = _inbox.Subscribe(told.Enqueue);
        byte[] error = Of("event", Error()), unreadable = "x"u8.ToArray();
        var adding = Enumerable.Range(0, Adders).Select(adder => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                unsettled.Enqueue(_inbox.Add(i % 5 == 0 ? unreadable : error, SignalState.Queued, $"{adder}"));
            }
        })).ToArray();
        var settling = Enumerable.Range(0, 3).Select(settler => Task.Run(() =>
        {
            while (!Array.TrueForAll(adding, task => task.IsCompleted) || !unsettled.IsEmpty)
            {
                if (unsettled.TryDequeue(out var entry))
                {
                    _inbox.Settle(entry, SignalState.Refused, entry.Reason);
                    _inbox.Settle(entry, entry.Sequence % 2 == 0 ? SignalState.Sent : SignalState.Dropped, entry.Reason);
                }

                var counts = _inbox.Counts;
                Assert.Equal(counts.ByState.Values.Sum(), counts.Held + counts.Evicted + counts.Unreadable);
            }
        })).ToArray();
        await Task.WhenAll([.. adding, .. settling]);

        AssertCounts(held: 2000, heldBytes: 2000L * error.Length, evicted: 400, unreadable: 600, errors: 2400);
        AssertStates(sent: 1500, dropped: 1500);
        Assert.Equal(Enumerable.Range(1, 3000).Select(i => (long)i), told.Select(entry => entry.Sequence).Order());
        Assert.All(
            told.GroupBy(entry => entry.Reason),
            own => Assert.Equal(own.Select(entry => entry.Sequence).Order(), own.Select(entry => entry.Sequence)));
        Assert.Equal(_inbox.Entries.Select(entry => entry.Sequence).OrderDescending(), _inbox.Entries.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Clear_WhileOthersAddAndSettle_LeavesCountsThatAddUp()
    {
        var work = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _inbox.Settle(_inbox.Add(OfSize(100), SignalState.Queued), SignalState.Sent);
                if (i % 50 == 0)
                {
                    _inbox.Clear();
                }
            }
        }));
        await Task.WhenAll(work);

        var counts = _inbox.Counts;
        AssertStates(sent: counts.Held + (int)counts.Evicted);
        Assert.Equal(100L * counts.Held, counts.HeldBytes);
    }

    private void Discard(string reason, string category, long quantity) =>
        _inbox.Add(SentReport.Of(reason, category, quantity), SignalState.Local);

    private void Counts_AreZero()
    {
        AssertCounts();
        AssertStates();
        Assert.Empty(_inbox.Counts.Discarded);
        Assert.Empty(_inbox.Entries);
    }

    private void AssertCounts(
        int held = 0, long heldBytes = 0, long evicted = 0, long unreadable = 0, long errors = 0, long transactions = 0)
    {
        var counts = _inbox.Counts;
        Assert.Equal(
            (held, heldBytes, evicted, unreadable, errors, transactions),
            (counts.Held, counts.HeldBytes, counts.Evicted, counts.Unreadable, counts.Errors, counts.Transactions));
        Assert.Equal((held, heldBytes), (_inbox.Entries.Count, _inbox.Entries.Sum(entry => (long)entry.Bytes.Length)));
    }

    private void AssertStates(int local = 0, int queued = 0, int sent = 0, int refused = 0, int dropped = 0)
    {
        var counts = _inbox.Counts.ByState;
        Assert.Equal(
            (local, queued, sent, refused, dropped),
            (
                counts[SignalState.Local],
                counts[SignalState.Queued],
                counts[SignalState.Sent],
                counts[SignalState.Refused],
                counts[SignalState.Dropped]));
    }
}
