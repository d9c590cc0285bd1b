using MockSre.Domain.Signals;
using MockSre.Web.Signals;
using Sentry.Protocol;

namespace MockSre.Web.Tests.Signals;

public class SignalScrubberTests
{
    [Fact]
    public void Scrub_AFailureOfTheConsole_LeavesNothingOfWhoeverSatThere()
    {
        var error = Event(SignalNames.ConsoleContext);

        Assert.Same(error, SignalScrubber.Scrub(error));

        Assert.Equal((null, null, null), (error.Request.Url, error.Request.Method, error.TransactionName));
        Assert.Empty(error.Request.Headers);
        Assert.Equal((null, null), (error.User.Id, error.User.IpAddress));
        Assert.Empty(error.Tags);
        Assert.Equal([SignalNames.ConsoleContext], error.Contexts.Keys);
    }

    [Theory]
    [InlineData("app")]
    [InlineData("trace")]
    public void Scrub_WhatBelongsToNeither_IsDropped(string context) => Assert.Null(SignalScrubber.Scrub(Event(context)));

    [Fact]
    public void Scrub_AnErrorOfAProfileRequest_KeepsItsRequest() =>
        Assert.Equal("http://localhost:8000/api/users/profile/3", SignalScrubber.Scrub(Event(SignalNames.DeploymentContext))?.Request.Url);

    [Fact]
    public void Scrub_TheNumbersOfATimeout_AreKept()
    {
        var error = Event(SignalNames.DeploymentContext);
        error.Contexts[SignalNames.TimeoutContext] = new Dictionary<string, object> { [SignalNames.PoolWaiting] = 8 };

        Assert.Contains(SignalNames.TimeoutContext, SignalScrubber.Scrub(error)!.Contexts.Keys);
    }

    [Theory]
    [InlineData("Pool.Acquire(int id)", "Framework.Throw()", true, "Some.Type|Pool.Acquire")]
    [InlineData("Pool.Acquire(int id)", "Framework.Throw()", false, "Some.Type|Framework.Throw")]
    [InlineData(null, null, true, "Some.Type")]
    public void Scrub_AnError_IsGroupedByTypeAndThrowingMethod(string? older, string? newest, bool inApp, string fingerprint)
    {
        var error = Event(SignalNames.DeploymentContext);
        error.SentryExceptions =
        [
            new SentryException { Type = "Inner", Value = "of case 7" },
            new SentryException
            {
                Type = "Some.Type",
                Value = "of case 8",
                Stacktrace = new SentryStackTrace
                {
                    Frames = [new() { Function = older, InApp = inApp }, new() { Function = newest, InApp = false }],
                },
            },
        ];

        Assert.Equal(fingerprint.Split('|'), SignalScrubber.Scrub(error)!.Fingerprint);
    }

    private static SentryEvent Event(string context)
    {
        var error = new SentryEvent(new InvalidOperationException("broken"))
        {
            Request = new SentryRequest { Url = "http://localhost:8000/api/users/profile/3", Method = "GET" },
            TransactionName = "GET /_blazor",
            User = new SentryUser { Id = "somebody", IpAddress = "192.0.2.1" },
        };
        error.Request.Headers["Cookie"] = "mocksre-session-8000=secret";
        error.SetTag("ConnectionId", "secret");
        error.Contexts[context] = new Dictionary<string, object> { ["page"] = "/" };
        return error;
    }
}
