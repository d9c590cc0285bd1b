using MockSre.Domain.Faults;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Tests.Faults;

public sealed class SignalExpectationsTests : FailureSwitchFixture
{
    private const string Select = "SELECT \"p\".\"id\" FROM \"profiles\" AS \"p\" LIMIT 1";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SignalInbox _inbox;
    private SignalExpectations? _expectations;

    public SignalExpectationsTests() => _inbox = new SignalInbox(Time);

    // The switch starts in the mode of the settings, so a test must set them first.
    private SignalExpectations Expectations => _expectations ??= new SignalExpectations(Switch, _inbox, Settings);

    private SentTransaction Request => new() { Deployment = Switch.Current.Number, Mode = Switch.Current.Label };

    private SentTransaction Uncached => Request with { Breadcrumbs = [SignalNames.CacheBypassed], DatabaseReads = 1 };

    private SentTransaction Slow => Uncached with { Duration = 2.1 * Second, Spans = [new SentSpan("db.query", Select, 2 * Second)] };

    private SentTransaction Failed => Request with { Duration = Second, HttpStatus = 500 };

    private SentError Timeout => new() { Deployment = Switch.Current.Number, Mode = Switch.Current.Label };

    [Theory]
    [InlineData("none", "no_errors pending 0, no_slow_transactions pending 0")]
    [InlineData("cache_off", "cache_bypassed pending 0, more_database_reads pending 0")]
    [InlineData("slow_query", "slow_transactions pending 0, slow_database_span pending 0")]
    [InlineData("pool_saturation", "timeout_errors pending 0, failed_transactions pending 0")]
    [InlineData(
        "combined",
        "timeout_errors pending 0, failed_transactions pending 0, slow_transactions pending 0, slow_database_span pending 0")]
    public void Report_ModeJustSet_EverythingIsPending(string modeName, string states)
    {
        var mode = Modes.Find(modeName)!;
        Start(mode);

        Assert.Equal(states, States());
        var report = Expectations.Report();
        Assert.Equal((mode.Name, Switch.Current.Since, 0), (report.Label, report.Since, report.Requests));
        Assert.All(report.Expectations, expectation => Assert.Null(expectation.Reason ?? expectation.LatestEventId));
    }

    [Theory]
    [InlineData("cache_off")]
    [InlineData("slow_query")]
    [InlineData("pool_saturation")]
    [InlineData("combined")]
    public void Report_RequestsWithoutEvidence_IsPendingUntilFiftyThenAbsent(string modeName)
    {
        var mode = Modes.Find(modeName)!;
        Start(mode);

        Send(SignalExpectations.EnoughToMiss - 1, Request);
        Assert.All(
            Expectations.Report().Expectations,
            expectation => Assert.Equal((ExpectationState.Pending, 0), (expectation.State, expectation.Observed)));

        Send(1, Request);
        Assert.All(
            Expectations.Report().Expectations,
            expectation => Assert.Equal((ExpectationState.Absent, 0), (expectation.State, expectation.Observed)));
        Assert.Equal(SignalExpectations.EnoughToMiss, Expectations.Report().Requests);
    }

    [Fact]
    public void Report_NoneAndTwentyCleanRequests_IsWitnessed()
    {
        Send(SignalExpectations.EnoughToTrust - 1, Request);
        Assert.Equal("no_errors pending 0, no_slow_transactions pending 0", States());

        Send(1, Request);
        Assert.Equal("no_errors witnessed 0, no_slow_transactions witnessed 0", States());
    }

    [Theory]
    [InlineData(0, "no_errors absent 1, no_slow_transactions pending 0")]
    [InlineData(20, "no_errors absent 1, no_slow_transactions witnessed 0")]
    public void Report_NoneAndAnError_IsAbsentAtOnce(int before, string states)
    {
        Send(before, Request);

        Send(1, Timeout with { ExceptionType = "System.InvalidOperationException" });

        Assert.Equal(states, States());
    }

    [Theory]
    [InlineData(999, "no_errors witnessed 0, no_slow_transactions witnessed 0")]
    [InlineData(1000, "no_errors witnessed 0, no_slow_transactions absent 1")]
    public void Report_NoneAndASlowRequest_IsAbsentFromOneSecondOn(int milliseconds, string states)
    {
        Send(20, Request);

        Send(1, Request with { Duration = TimeSpan.FromMilliseconds(milliseconds) });

        Assert.Equal(states, States());
    }

    [Theory]
    [InlineData(17, 20, "pending")]
    [InlineData(18, 20, "witnessed")]
    [InlineData(44, 49, "pending")]
    [InlineData(44, 50, "absent")]
    [InlineData(45, 50, "witnessed")]
    [InlineData(19, 19, "pending")]
    public void Report_CacheOff_IsWitnessedFromNineTenthsOfTwentyOn(int uncached, int requests, string state)
    {
        Start(Modes.CacheOff);

        Send(uncached, Uncached);
        Send(requests - uncached, Request);

        Assert.Equal($"cache_bypassed {state} {uncached}, more_database_reads {state} {uncached}", States());
    }

    [Fact]
    public void Report_CacheOff_TellsBreadcrumbsFromReads()
    {
        Start(Modes.CacheOff);

        Send(20, Uncached with { DatabaseReads = 0 });
        Assert.Equal("cache_bypassed witnessed 20, more_database_reads pending 0", States());

        Send(200, Uncached with { Breadcrumbs = ["Cache miss"] });
        Assert.Equal("cache_bypassed absent 20, more_database_reads witnessed 200", States());
    }

    [Theory]
    [InlineData(1, 19, "pending")]
    [InlineData(1, 20, "pending")]
    [InlineData(2, 20, "witnessed")]
    [InlineData(2, 50, "absent")]
    [InlineData(3, 50, "witnessed")]
    [InlineData(5, 100, "absent")]
    [InlineData(6, 100, "witnessed")]
    [InlineData(19, 19, "pending")]
    public void Report_SlowQuery_IsWitnessedAboveFivePercentOfTwentyOrMore(int slow, int requests, string state)
    {
        Start(Modes.SlowQuery);

        Send(slow, Slow);
        Send(requests - slow, Uncached);

        Assert.Equal($"slow_transactions {state} {slow}, slow_database_span witnessed {slow}", States());
    }

    [Theory]
    [InlineData("db.query", Select, 1000, true)]
    [InlineData("db.query", "SELECT", 5000, true)]
    [InlineData("db.query", Select, 999, false)]
    [InlineData("db.connection", Select, 2000, false)]
    [InlineData("db", Select, 2000, false)]
    [InlineData("db.query", "select 1", 2000, false)]
    [InlineData("db.query", " SELECT 1", 2000, false)]
    [InlineData("db.query", "WITH x AS (SELECT 1) SELECT 1", 2000, false)]
    [InlineData("db.query", "-- tag\nSELECT 1", 2000, false)]
    [InlineData("db.query", "", 2000, false)]
    public void Report_ASpan_IsASlowQueryOrNot(string operation, string description, int milliseconds, bool isSlow)
    {
        Start(Modes.SlowQuery);

        Send(1, Request with { Spans = [new SentSpan(operation, description, TimeSpan.FromMilliseconds(milliseconds))] });

        Assert.Equal($"slow_transactions pending 0, slow_database_span {(isSlow ? "witnessed 1" : "pending 0")}", States());
        Assert.Equal(isSlow ? 1 : 0, SlowQueryIssue().Observed);
    }

    [Fact]
    public void Report_SlowSpansInOneTransaction_AreOneTransactionAndManyOccurrences()
    {
        Start(Modes.SlowQuery);

        Send(1, Slow with { Spans = [.. Enumerable.Repeat(new SentSpan("db.query", Select, Second), 3)] });

        Assert.Equal("slow_transactions pending 1, slow_database_span witnessed 1", States());
        Assert.Equal(3, SlowQueryIssue().Observed);
    }

    [Fact]
    public void Report_PoolSaturation_IsWitnessedByOneErrorAndOneStatus()
    {
        Start(Modes.PoolSaturation);

        Send(1, Timeout);
        Assert.Equal("timeout_errors witnessed 1, failed_transactions pending 0", States());

        Send(1, Failed);
        Assert.Equal("timeout_errors witnessed 1, failed_transactions witnessed 1", States());
    }

    [Fact]
    public void Report_PoolSaturation_OtherErrorsAndStatusesAreNoEvidence()
    {
        Start(Modes.PoolSaturation);

        Send(1, Timeout with { ExceptionType = "System.TimeoutException" });
        Send(1, Timeout with { ExceptionType = "MockSre.Domain.Profiles.PoolTimeoutExceptions" });
        Send(1, Timeout with { Method = "void Other.AcquireAsync()" });
        Send(1, Timeout with { Method = "void ConnectionPool.Run()" });
        Send(1, Request with { HttpStatus = 404 });
        Send(1, Request with { HttpStatus = 503 });

        Assert.Equal("timeout_errors pending 0, failed_transactions pending 0", States());
    }

    [Fact]
    public void Report_Combined_CountsEachKindApart()
    {
        Start(Modes.Combined);

        Send(44, Failed);
        Send(44, Timeout);
        Assert.Equal(
            "timeout_errors witnessed 44, failed_transactions witnessed 44, slow_transactions pending 0, slow_database_span pending 0",
            States());

        Send(6, Slow);
        Assert.Equal(
            "timeout_errors witnessed 44, failed_transactions witnessed 44, slow_transactions witnessed 6, slow_database_span witnessed 6",
            States());
        Assert.Equal(50, Expectations.Report().Requests);
    }

    [Fact]
    public void Report_SignalsOfAnEarlierDeployment_DoNotCount()
    {
        Start(Modes.PoolSaturation);
        var (late, failed) = (Timeout, Failed);
        Send(3, late);

        Set(Modes.Combined);
        Send(2, late);
        Send(2, failed);
        Assert.Equal(
            "timeout_errors pending 0, failed_transactions pending 0, slow_transactions pending 0, slow_database_span pending 0", States());

        Send(1, Timeout);
        Send(2, late);
        Assert.Equal(
            "timeout_errors witnessed 1, failed_transactions pending 0, slow_transactions pending 0, slow_database_span pending 0",
            States());
        Assert.Equal(0, Expectations.Report().Requests);
    }

    [Fact]
    public void Report_SameModeSetAgain_BeginsAtZero()
    {
        Start(Modes.CacheOff);
        var late = Uncached;
        Send(20, late);

        Set(Modes.CacheOff);
        Send(20, late);

        Assert.Equal("cache_bypassed pending 0, more_database_reads pending 0", States());
        Assert.Equal(Switch.Current.Since, Expectations.Report().Since);

        Send(19, Uncached);
        Send(1, late);
        Send(1, Uncached);
        Assert.Equal("cache_bypassed witnessed 20, more_database_reads witnessed 20", States());
    }

    [Fact]
    public void Report_ClockSetBack_CountsTheNewDeployment()
    {
        Send(20, Request);
        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromHours(1));

        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);
        Send(20, Uncached);

        Assert.Equal("cache_bypassed witnessed 20, more_database_reads witnessed 20", States());
    }

    [Fact]
    public void Report_SignalsOfNoDeployment_DoNotCount()
    {
        Send(20, Request with { Deployment = null });
        Send(20, Request with { Deployment = Switch.Current.Number + 1 });
        Send(1, Timeout with { Deployment = null });

        Assert.Equal("no_errors pending 0, no_slow_transactions pending 0", States());
        Assert.Equal(0, Expectations.Report().Requests);
    }

    [Fact]
    public void Report_SignalsThatTheInboxEvicted_StillCount()
    {
        Start(Modes.PoolSaturation);

        Send(3, Timeout);
        Send(SignalInbox.MaxEnvelopes, Request);

        Assert.Equal(3, _inbox.Counts.Evicted);
        Assert.DoesNotContain(_inbox.Entries, entry => entry.Signals[0] is ErrorSignal);
        Assert.Equal("timeout_errors witnessed 3, failed_transactions absent 0", States());
        Assert.Equal(SignalInbox.MaxEnvelopes, Expectations.Report().Requests);
    }

    [Fact]
    public void Report_InboxThatHoldsNothing_CountsTheSame()
    {
        Start(Modes.PoolSaturation);
        var inbox = new SignalInbox(Time, holds: false);
        using var expectations = new SignalExpectations(Switch, inbox, Settings);

        inbox.Add(Timeout.Envelope(), SignalState.Local);

        Assert.Equal(1, expectations.Report().Expectations[0].Observed);
    }

    [Fact]
    public void Clear_AfterSignals_BeginsAnew()
    {
        Send(20, Request);
        Send(2, Timeout);
        Time.Advance(Second);

        _inbox.Clear();

        Assert.Equal("no_errors pending 0, no_slow_transactions pending 0", States());
        Assert.Equal((Time.GetUtcNow(), 0), (Expectations.Report().Since, Expectations.Report().Requests));

        Send(20, Request);
        Assert.Equal("no_errors witnessed 0, no_slow_transactions witnessed 0", States());
    }

    [Fact]
    public void Clear_SignalsLostBefore_AreForgotten()
    {
        Send(20, Request);
        Lose();
        _inbox.Clear();

        Send(20, Request);

        Assert.Equal("no_errors witnessed 0, no_slow_transactions witnessed 0", States());
    }

    [Fact]
    public void Clear_SignalsLostBeforeAndAfter_OnlyTheLaterAreLost()
    {
        Send(20, Request);
        Lose();
        Lose();
        _inbox.Clear();

        Lose();
        Send(20, Request);

        Assert.Equal("1 signals were lost before they could be counted", Expectations.Report().Expectations[0].Reason);
    }

    [Fact]
    public void Clear_ThenAClockSetBackAndAnotherMode_CountsThatMode()
    {
        Send(1, Request);
        _inbox.Clear(Switch.Set(Modes.None, ChangeSource.Reset).Deployment);
        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromMinutes(5));

        Switch.Set(Modes.CacheOff, ChangeSource.AdminApi);
        Send(20, Uncached);

        Assert.Equal("cache_bypassed witnessed 20, more_database_reads witnessed 20", States());
    }

    [Fact]
    public void Clear_LateSignalsOfAnEarlierDeployment_DoNotCount()
    {
        var late = Timeout;
        Set(Modes.CacheOff);
        Set(Modes.None);
        _inbox.Clear();

        Send(1, late);
        Send(20, Request);

        Assert.Equal("no_errors witnessed 0, no_slow_transactions witnessed 0", States());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("cache_off")]
    [InlineData("slow_query")]
    [InlineData("pool_saturation")]
    [InlineData("combined")]
    public void Report_InboxOff_IsUnavailable(string modeName)
    {
        var mode = Modes.Find(modeName)!;
        Settings = Settings with { SignalInbox = false };
        Start(mode);
        Send(50, Slow);
        Send(1, Timeout);

        Assert.All(Expectations.Report().Expectations, expectation =>
            Assert.Equal((ExpectationState.Unavailable, "the inbox is off (SIGNAL_INBOX=false)"), (expectation.State, expectation.Reason)));
    }

    [Theory]
    [InlineData("none", "no_errors unavailable 0, no_slow_transactions unavailable 0")]
    [InlineData("cache_off", "cache_bypassed unavailable 0, more_database_reads unavailable 0")]
    [InlineData("slow_query", "slow_transactions unavailable 0, slow_database_span unavailable 0")]
    [InlineData("pool_saturation", "timeout_errors pending 0, failed_transactions unavailable 0")]
    [InlineData(
        "combined",
        "timeout_errors pending 0, failed_transactions unavailable 0, slow_transactions unavailable 0, slow_database_span unavailable 0")]
    public void Report_NotEveryRequestSampled_IsUnavailableWhereTransactionsCount(string modeName, string states)
    {
        var mode = Modes.Find(modeName)!;
        Settings = Settings with { TracesSampleRate = 0.99 };
        Start(mode);

        Assert.Equal(states, States());
        Assert.All(
            Expectations.Report().Expectations.Where(expectation => expectation.State == ExpectationState.Unavailable),
            expectation => Assert.Contains("SENTRY_TRACES_SAMPLE_RATE", expectation.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Report_NotEveryRequestSampled_ErrorsAreStillWitnessed()
    {
        Settings = Settings with { TracesSampleRate = 0 };
        Start(Modes.PoolSaturation);

        Send(1, Timeout);

        Assert.Equal("timeout_errors witnessed 1, failed_transactions unavailable 0", States());
    }

    [Theory]
    [InlineData("none", "no_errors unavailable 0, no_slow_transactions unavailable 0")]
    [InlineData("cache_off", "cache_bypassed unavailable 20, more_database_reads unavailable 20")]
    [InlineData("slow_query", "slow_transactions unavailable 0, slow_database_span unavailable 0")]
    [InlineData("pool_saturation", "timeout_errors unavailable 0, failed_transactions unavailable 0")]
    [InlineData(
        "combined",
        "timeout_errors unavailable 0, failed_transactions unavailable 0, "
            + "slow_transactions unavailable 0, slow_database_span unavailable 0")]
    public void Report_SignalsLost_IsUnavailableUnlessOneSettlesIt(string modeName, string states)
    {
        var mode = Modes.Find(modeName)!;
        Start(mode);
        Send(20, mode == Modes.CacheOff ? Uncached : Request);

        Lose();

        Assert.Equal(states, States());
        Assert.All(
            Expectations.Report().Expectations.Where(expectation => expectation.State == ExpectationState.Unavailable),
            expectation => Assert.Equal("1 signals were lost before they could be counted", expectation.Reason));
    }

    [Fact]
    public void Report_SignalsLostBeforeTheFirstOneCame_IsUnavailable()
    {
        _ = Expectations;
        Start(Modes.None);

        Lose();
        Send(20, Request);

        Assert.Equal("no_errors unavailable 0, no_slow_transactions unavailable 0", States());
    }

    [Fact]
    public void Report_CallersMistakes_AreNoRequests()
    {
        Start(Modes.CacheOff);
        Send(20, Uncached);

        Send(60, Uncached with { HttpStatus = 400 });
        Send(60, Uncached with { HttpStatus = 499 });

        Assert.Equal("cache_bypassed witnessed 20, more_database_reads witnessed 20", States());
        Assert.Equal(20, Expectations.Report().Requests);
    }

    [Fact]
    public void Report_NotEveryRequestSampled_WhatCameSettlesIt()
    {
        Settings = Settings with { TracesSampleRate = 0.5 };
        Start(Modes.Combined);

        Send(1, Failed);
        Send(1, Slow);

        Assert.Equal(
            "timeout_errors pending 0, failed_transactions witnessed 1, slow_transactions witnessed 1, slow_database_span witnessed 1",
            States());
    }

    [Fact]
    public void SentryRequirements_SameModeAgainAndSampling_CountsOnAndTakesMoreRequests()
    {
        Settings = Settings with { TracesSampleRate = 0.5 };
        Start(Modes.SlowQuery);
        Send(20, Slow);

        Set(Modes.None);
        Set(Modes.SlowQuery);

        Assert.Equal((20, 160), (SlowQueryIssue().Observed, SlowQueryIssue().RequestsToGo));
    }

    [Fact]
    public void SentryRequirements_InboxOff_CountsNothing()
    {
        Settings = Settings with { SignalInbox = false };
        Start(Modes.SlowQuery);

        Assert.Equal((null, null), (SlowQueryIssue().Observed, SlowQueryIssue().RequestsToGo));
    }

    [Fact]
    public void Report_SignalsLost_WhatWasSeenStaysWitnessed()
    {
        Start(Modes.Combined);
        Send(1, Timeout);
        Send(1, Failed);
        Send(1, Slow);

        Lose();

        Assert.All(
            Expectations.Report().Expectations,
            expectation => Assert.Equal((ExpectationState.Witnessed, null), (expectation.State, expectation.Reason)));
    }

    [Fact]
    public void Report_SignalsLostAndAnErrorSeen_IsAbsent()
    {
        Send(1, Timeout);

        Lose();

        Assert.Equal("no_errors absent 1, no_slow_transactions unavailable 0", States());
    }

    [Theory]
    [InlineData("queue_overflow", "error", true)]
    [InlineData("queue_overflow", "transaction", true)]
    [InlineData("network_error", "transaction", true)]
    [InlineData("queue_overflow", "span", false)]
    [InlineData("sample_rate", "transaction", false)]
    [InlineData("before_send", "error", false)]
    [InlineData("event_processor", "error", false)]
    public void Report_SdkLeftSignalsOut_IsLossUnlessOnPurpose(string reason, string category, bool isLoss)
    {
        Send(20, Request);

        _inbox.Add(SentReport.Of(reason, category, 7), SignalState.Local);

        var expectation = Expectations.Report().Expectations[0];
        Assert.Equal(isLoss ? ExpectationState.Unavailable : ExpectationState.Witnessed, expectation.State);
        Assert.Equal(isLoss ? "7 signals were lost before they could be counted" : null, expectation.Reason);
    }

    [Fact]
    public void Report_SignalsLostBeforeTheMode_AreNoneOfIts()
    {
        Send(1, Request);
        Lose();
        Set(Modes.CacheOff);

        Send(20, Uncached);

        Assert.Equal("cache_bypassed witnessed 20, more_database_reads witnessed 20", States());
    }

    [Fact]
    public void Report_LatestEventId_IsOfTheNewestEvidence()
    {
        Start(Modes.PoolSaturation);

        Send(1, Timeout with { EventId = SentSignal.Id(1) });
        Send(1, Timeout with { EventId = SentSignal.Id(2) });
        Send(1, Failed with { EventId = SentSignal.Id(3) });
        Send(1, Request with { EventId = SentSignal.Id(4) });

        Assert.Equal(
            [SentSignal.Id(2), SentSignal.Id(3)], Expectations.Report().Expectations.Select(expectation => expectation.LatestEventId));
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData("cache_off", "An issue of its own")]
    [InlineData("slow_query", "Latency alert, Slow DB Query issue")]
    [InlineData("pool_saturation", "Error alert, Suspect commits")]
    [InlineData("combined", "Latency alert, Slow DB Query issue, Error alert, Suspect commits")]
    public void SentryRequirements_EachMode_NamesWhatIsMissing(string modeName, string features)
    {
        var mode = Modes.Find(modeName)!;
        Start(mode);

        var wants = Expectations.Report().SentryRequirements;

        Assert.Equal(features, string.Join(", ", wants.Select(want => want.Feature)));
        Assert.All(wants, want => Assert.Equal(want.Feature == "Slow DB Query issue", want.RequestsToGo is not null));
    }

    [Theory]
    [InlineData("slow_query", 0, 0, 100)]
    [InlineData("slow_query", 0, 10, 100)]
    [InlineData("slow_query", 50, 50, 50)]
    [InlineData("slow_query", 99, 99, 1)]
    [InlineData("slow_query", 99, 198, 2)]
    [InlineData("slow_query", 100, 100, 0)]
    [InlineData("slow_query", 130, 150, 0)]
    [InlineData("combined", 0, 0, 834)]
    [InlineData("combined", 6, 50, 784)]
    [InlineData("combined", 10, 50, 450)]
    public void SentryRequirements_SlowQueries_SaysHowManyRequestsToGo(string modeName, int slow, int requests, int toGo)
    {
        var mode = Modes.Find(modeName)!;
        Start(mode);
        Send(slow, Slow);
        Send(requests - slow, Failed);

        var want = SlowQueryIssue();

        Assert.Equal((slow, toGo), (want.Observed, want.RequestsToGo));
        Assert.Equal("100 occurrences within 24 h", want.Needs);
    }

    [Fact]
    public void SentryRequirements_SlowQueriesOfClientsWhoLeftAlone_AreFewerToGoAndNotNone()
    {
        Start(Modes.SlowQuery);

        Send(6, Slow with { HttpStatus = 499 });

        Assert.Equal((6, 94), (SlowQueryIssue().Observed, SlowQueryIssue().RequestsToGo));
        Assert.Equal("slow_transactions pending 0, slow_database_span pending 0", States());
    }

    [Fact]
    public void Report_Undelivered_CountsWhatSentryRefusedOrNeverGotSinceTheMode()
    {
        Settle(SignalState.Dropped);
        Set(Modes.CacheOff);

        Settle(SignalState.Refused);
        Settle(SignalState.Dropped);
        Settle(SignalState.Sent);
        Settle(SignalState.Queued);

        Assert.Equal(2, Expectations.Report().Undelivered);
        _inbox.Clear();
        Assert.Equal(0, Expectations.Report().Undelivered);

        void Settle(SignalState state)
        {
            _ = Expectations;
            _inbox.Settle(_inbox.Add(Request.Envelope(), SignalState.Queued), state);
        }
    }

    [Fact]
    public void Report_DeploymentWithoutLabel_HasNoStatements()
    {
        Set(Modes.CacheOff);
        Time.Advance(Second);
        Switch.Publish(new DeploymentPlan(Switch.Current.Traits, Label: null, "d40f3b2"), ChangeSource.AdminApi);

        Send(3, Request);

        var report = Expectations.Report();
        Assert.Null(report.Label);
        Assert.Equal(3, report.Requests);
        Assert.Empty(report.Expectations);
        Assert.Empty(report.SentryRequirements);
    }

    [Fact]
    public void Report_ManyAddersAtOnce_CountsEachOnce()
    {
        const int Adders = 8;
        const int Envelopes = 40;
        const int OfEach = 25 * Adders * Envelopes;
        Start(Modes.Combined);
        var kinds = Enumerable.Repeat<SentSignal[]>([Slow, Failed, Timeout, Request], EnvelopeReader.MaxItems / 4);
        var full = Together([.. kinds.SelectMany(signals => signals)]);
        _ = Expectations;

        Parallel.For(0, Adders, new ParallelOptions { MaxDegreeOfParallelism = Adders }, _ =>
        {
            for (var i = 0; i < Envelopes; i++)
            {
                _inbox.Add(full, SignalState.Local);
                Assert.InRange(Expectations.Report().Requests, 75, 3 * OfEach);
            }
        });

        Assert.Equal(
            $"timeout_errors witnessed {OfEach}, failed_transactions witnessed {OfEach}, "
                + $"slow_transactions witnessed {OfEach}, slow_database_span witnessed {OfEach}",
            States());
        Assert.Equal(3 * OfEach, Expectations.Report().Requests);
        Assert.Equal(OfEach, SlowQueryIssue().Observed);
    }

    [Fact]
    public void Report_AfterDispose_CountsNoMore()
    {
        Send(1, Timeout);
        Expectations.Dispose();

        Send(1, Timeout);

        Assert.Equal("no_errors absent 1, no_slow_transactions pending 0", States());
    }

    // One envelope with the items of all signals. It holds more than an SDK ever sends at once.
    private static byte[] Together(SentSignal[] signals)
    {
        var envelopes = Array.ConvertAll(signals, signal => signal.Envelope());
        return [.. envelopes[0], .. envelopes.Skip(1).SelectMany(envelope => envelope[(Array.IndexOf(envelope, (byte)'\n') + 1)..])];
    }

    private void Start(FailureMode mode) => Settings = Settings with { FailureMode = mode.Name };

    private void Set(FailureMode mode)
    {
        _ = Expectations;
        Time.Advance(Second);
        Switch.Set(mode, ChangeSource.AdminApi);
    }

    private void Send(int times, SentSignal signal)
    {
        _ = Expectations;
        for (var i = 0; i < times; i++)
        {
            _inbox.Add(signal.Envelope(), SignalState.Local);
        }
    }

    private void Lose() => _inbox.Add("no envelope"u8.ToArray(), SignalState.Local);

    private string States() => string.Join(", ", Expectations.Report().Expectations.Select(Describe));

    private static string Describe(Expectation expectation) =>
        $"{expectation.Expected.Id} {expectation.State.ToString().ToLowerInvariant()} {expectation.Observed}";

    private SentryRequirement SlowQueryIssue() =>
        Expectations.Report().SentryRequirements.Single(want => want.Feature == "Slow DB Query issue");
}
