using System.Net;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Signals;

namespace MockSre.Web.Tests.Signals;

public sealed class RateLimitsTests
{
    private const string LimitsHeader = "X-Sentry-Rate-Limits";

    private static readonly string[] Sent = ["error", "transaction"];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));
    private readonly RateLimits _limits;

    public RateLimitsTests() => _limits = new RateLimits(_time);

    [Theory]
    [InlineData("60:transaction:organization", "transaction")]
    [InlineData("60:error:organization", "error")]
    [InlineData("60:error;transaction:organization", "error transaction")]
    [InlineData("60:session;transaction;attachment:organization", "transaction")]
    [InlineData("60: error ; transaction :organization", "error transaction")]
    [InlineData("60::organization", "error transaction anything")]
    [InlineData("60:", "error transaction anything")]
    [InlineData("60:transaction", "transaction")]
    [InlineData("60:transaction:project:usage_exceeded:more", "transaction")]
    [InlineData("60:error:organization,60:transaction:key", "error transaction")]
    [InlineData("60:error:organization , 60:transaction:key", "error transaction")]
    [InlineData("60:session:organization", "")]
    [InlineData("60:anything:organization", "")]
    [InlineData("60:ERROR:organization", "")]

    // An unreadable header leaves only the status 429.
    [InlineData("", "error transaction anything")]
    [InlineData("60", "error transaction anything")]
    [InlineData(":error:organization", "error transaction anything")]
    [InlineData(":", "error transaction anything")]
    [InlineData("soon:error:organization", "error transaction anything")]
    [InlineData("garbage,60:error:organization,,;;", "error")]
    [InlineData("0:error:organization", "")]
    [InlineData("-60:error:organization", "error transaction anything")]
    [InlineData("NaN:error:organization", "error transaction anything")]
    [InlineData("-NaN:error:organization", "error transaction anything")]
    [InlineData("-Infinity:error:organization", "error transaction anything")]
    [InlineData("-∞:error:organization", "error transaction anything")]
    public void Learn_LimitsHeader_HoldsBackWhatItNames(string header, string covered)
    {
        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, header));

        Assert.Equal(covered, Covered());
    }

    [Theory]
    [InlineData("60:error:organization", 60)]
    [InlineData("1:error:organization", 1)]
    [InlineData("0.25:error:organization", 0.25)]
    [InlineData(".5:error:organization", 0.5)]
    [InlineData("2.:error:organization", 2)]
    [InlineData("86400:error:organization", 86_400)]
    [InlineData("86401:error:organization", 86_400)]
    [InlineData("99999999999999999999999999999999:error:organization", 86_400)]
    [InlineData("Infinity:error:organization", 86_400)]
    public void Learn_Seconds_EndsExactlyThen(string header, double seconds)
    {
        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, header));

        AssertEndsAfter(TimeSpan.FromSeconds(seconds), "error");
    }

    [Fact]
    public void Learn_SeveralHeaders_AllCount()
    {
        Learn(
            HttpStatusCode.TooManyRequests,
            (LimitsHeader, "60:error:organization"),
            (LimitsHeader, "10:transaction:organization, 5:session:key"));

        Assert.Equal("error transaction", Covered());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("error", Covered());
    }

    [Fact]
    public void Learn_CategoriesWithTimesOfTheirOwn_EndOneByOne()
    {
        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, "10::organization, 20:error:key, 30:transaction:key"));

        Assert.Equal("error transaction anything", Covered());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("error transaction", Covered());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("transaction", Covered());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("", Covered());
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public void Learn_LimitsHeaderOnAnotherStatus_Counts(HttpStatusCode status)
    {
        Learn(status, (LimitsHeader, "60:transaction:organization"));

        Assert.Equal("transaction", Covered());
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("1", 1)]
    [InlineData("2147483647", 86_400)]
    [InlineData("Thu, 12 Mar 2026 10:00:45 GMT", 45)]
    [InlineData("Fri, 13 Mar 2026 11:00:00 GMT", 86_400)]
    [InlineData("soon", 60)]
    [InlineData("-5", 60)]
    [InlineData("99999999999999999999", 60)]
    [InlineData("", 60)]
    public void Learn_RetryAfter_HoldsEverythingBackUntilThen(string header, double seconds)
    {
        Learn(HttpStatusCode.TooManyRequests, ("Retry-After", header));

        Assert.Equal("error transaction anything", Covered());
        AssertEndsAfter(TimeSpan.FromSeconds(seconds), "anything");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Thu, 12 Mar 2026 10:00:00 GMT")]
    [InlineData("Thu, 12 Mar 2020 10:00:00 GMT")]
    public void Learn_RetryAfterThatIsOver_HoldsNothingBack(string header)
    {
        Learn(HttpStatusCode.TooManyRequests, ("Retry-After", header));

        Assert.Equal("", Covered());
    }

    [Fact]
    public void Learn_TooManyRequestsWithoutAnyHeader_HoldsEverythingBackForAMinute()
    {
        Learn(HttpStatusCode.TooManyRequests);

        Assert.Equal("error transaction anything", Covered());
        AssertEndsAfter(TimeSpan.FromSeconds(60), "anything");
    }

    [Fact]
    public void Learn_BothHeaders_SentrysOwnDecides()
    {
        Learn(HttpStatusCode.TooManyRequests, ("Retry-After", "600"), (LimitsHeader, "10:transaction:organization"));

        Assert.Equal("transaction", Covered());
        AssertEndsAfter(TimeSpan.FromSeconds(10), "transaction");
    }

    [Fact]
    public void Learn_LimitsHeaderThatSaysNothing_LeavesItToTheOther()
    {
        Learn(HttpStatusCode.TooManyRequests, ("Retry-After", "30"), (LimitsHeader, "nonsense"));

        AssertEndsAfter(TimeSpan.FromSeconds(30), "error");
    }

    [Fact]
    public void Forbid_ClockSetBackMeanwhile_EndsAllTheSame()
    {
        var clock = new SetBackClock(_time);
        var limits = new RateLimits(clock);
        using var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests)
        {
            Headers = { RetryAfter = new(TimeSpan.FromSeconds(30)) },
        };
        limits.Learn(answer, Sent);

        clock.SetBack = TimeSpan.FromHours(1);

        Assert.True(limits.Forbid("error"));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(limits.Forbid("error"));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public void Learn_RetryAfterOnAnotherStatus_MeansNothing(HttpStatusCode status)
    {
        Learn(status, ("Retry-After", "60"));

        Assert.Equal("", Covered());
    }

    [Fact]
    public void Learn_ShorterLimitLater_DoesNotShortenTheLonger()
    {
        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, "60:error:organization, 5:error:key"));
        _time.Advance(TimeSpan.FromSeconds(20));

        Learn(HttpStatusCode.OK, (LimitsHeader, "1:error:organization"));
        Learn(HttpStatusCode.OK);

        AssertEndsAfter(TimeSpan.FromSeconds(40), "error");
    }

    [Fact]
    public void Learn_LongerLimitLater_Lengthens()
    {
        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, "5:error:organization"));
        _time.Advance(TimeSpan.FromSeconds(4));

        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, "60:error:organization"));

        AssertEndsAfter(TimeSpan.FromSeconds(60), "error");
    }

    [Fact]
    public void Learn_LimitAfterAnotherIsOver_CoversAgain()
    {
        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, "5:error:organization"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("", Covered());

        Learn(HttpStatusCode.TooManyRequests, (LimitsHeader, "5:error:organization"));

        Assert.Equal("error", Covered());
    }

    [Fact]
    public void Forbid_NothingLearnt_IsFalse() => Assert.Equal("", Covered());

    // No header of a server or proxy can stop sending for more than a day.
    [Property(MaxTest = 2000, Arbitrary = [typeof(Any)])]
    internal void Learn_AnyHeaders_IsOverAfterADayAtMost(Said said)
    {
        var status = said.TooMany ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK;

        Learn(status, [.. said.Limits.Select(limit => (LimitsHeader, limit)), .. said.RetryAfter.Select(wait => ("Retry-After", wait))]);

        Assert.True(Covered().Length == 0 || said.TooMany || said.Limits.Count > 0);
        _time.Advance(RateLimits.Longest);
        Assert.Equal("", Covered());
    }

    private void Learn(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        using var answer = new HttpResponseMessage(status);
        foreach (var (name, value) in headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        _limits.Learn(answer, Sent);
    }

    private string Covered() => string.Join(' ', Sent.Append("anything").Where(_limits.Forbid));

    private void AssertEndsAfter(TimeSpan wait, string category)
    {
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.True(_limits.Forbid(category), $"The limit ended before {wait}.");
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_limits.Forbid(category), $"The limit did not end at {wait}.");
    }

    private sealed class SetBackClock(TimeProvider clock) : TimeProvider
    {
        public TimeSpan SetBack { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() - SetBack;

        public override long GetTimestamp() => clock.GetTimestamp();
    }

    internal sealed record Said(bool TooMany, IReadOnlyList<string> Limits, IReadOnlyList<string> RetryAfter)
    {
        public override string ToString() => $"{(TooMany ? 429 : 200)} [{string.Join(" | ", Limits)}] [{string.Join(" | ", RetryAfter)}]";
    }

    internal static class Any
    {
        private static readonly string[] Numbers =
        [
            "0", "1", "60", "0.5", ".", "-1", "-0", "+1", "1e9", "1e400", "NaN", "Infinity", "-Infinity", "∞", "-∞",
            "99999999999999999999", "1,5", "", " ", "x",
            "Thu, 12 Mar 2026 10:00:45 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
        ];

        public static Arbitrary<Said> Headers() => Arb.From(
            from tooMany in Gen.Elements(true, false)
            from limits in Few(Gen.Frequency((4, Limit()), (1, Noise())))
            from retryAfter in Few(Gen.Frequency((4, Gen.Elements(Numbers)), (1, Noise())))
            select new Said(tooMany, limits, retryAfter));

        private static Gen<string> Limit() =>
            from seconds in Gen.Elements(Numbers)
            from categories in Few(Gen.Elements("error", "transaction", "session", "", " ", "x"))
            from rest in Gen.Elements("", ":organization", ":key:reason", ":::", ",", ", 5:error:key", ";")
            select $"{seconds}:{string.Join(';', categories)}{rest}";

        private static Gen<string> Noise() =>
            from parts in Gen.ListOf(Gen.OneOf(Gen.Elements(Numbers), Gen.Elements(":", ";", ",", "error", "\t", "\"", "ä")))
            select string.Concat(parts);

        private static Gen<IReadOnlyList<string>> Few(Gen<string> one) =>
            from count in Gen.Choose(0, 3)
            from items in Gen.ArrayOf(one, count)
            select (IReadOnlyList<string>)items;
    }
}
