using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MockSre.Checks;

namespace MockSre.Web.Tests.Signals;

/// <summary>The service keeps working when Sentry refuses, fails, hangs or is unreachable, and counts the lost signals.</summary>
[Trait(TestCategory.Name, TestCategory.RealTime)]
public sealed class SentryTroubleTests
{
    [Fact]
    public async Task Answer500_Everything_IsRefusedAndCounted()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        sentry.Answer = (_, context) => AnswerAsync(context, HttpStatusCode.InternalServerError);
        await using var service = await SentryService.StartAsync(sentry.Dsn);

        Assert.All(await service.SendAsync(5), status => Assert.Equal(200, status));

        await service.StatesAsync(states => states.Of("refused") == 5);
        Assert.Equal(5, sentry.All.Count);
        Assert.All(
            await service.EventsAsync(), entry => Assert.Equal(("refused", "status 500"), (entry.Text("state"), entry.Text("reason"))));
        await service.LogAsync(log => log.Contains("does not receive transaction signals: Refused, status 500", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer429_ForTransactions_DropsThoseAloneFromThenOn()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        sentry.Answer = (_, context) =>
        {
            context.Response.Headers["X-Sentry-Rate-Limits"] = "60:transaction:organization";
            return AnswerAsync(context, HttpStatusCode.TooManyRequests);
        };
        await using var service = await SentryService.StartAsync(sentry.Dsn);
        await service.SendAsync(1);
        await service.StatesAsync(states => states.Of("refused") == 1);

        sentry.Answer = (_, context) => AnswerAsync(context, HttpStatusCode.OK);
        await service.SetModeAsync("pool_saturation");
        await service.SendAsync(3);

        await service.StatesAsync(states => states.Of("sent") == 3 && states.Of("dropped") == 3);
        Assert.Equal((3, 1), (sentry.Events.Count, sentry.Transactions.Count));
        Assert.All(
            (await service.EventsAsync()).Take(6),
            entry => Assert.Equal(
                entry.Text("kind") == "error" ? ("sent", "null") : ("dropped", "rate limited"),
                (entry.Text("state"), entry.Text("reason"))));
        var log = await service.LogAsync(log => log.Contains("does not receive", StringComparison.Ordinal));
        Assert.Single(
            log.Split('\n'),
            line => line.Contains("warn", StringComparison.Ordinal) && line.Contains("Sentry at", StringComparison.Ordinal));
        Assert.DoesNotContain(" again", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer429_WithRetryAfterAlone_DropsEverythingFromThenOn()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        sentry.Answer = (_, context) =>
        {
            context.Response.Headers.RetryAfter = "60";
            return AnswerAsync(context, HttpStatusCode.TooManyRequests);
        };
        await using var service = await SentryService.StartAsync(sentry.Dsn);
        await service.SendAsync(1);
        await service.StatesAsync(states => states.Of("refused") == 1);

        await service.SetModeAsync("pool_saturation");
        await service.SendAsync(2);

        await service.StatesAsync(states => states.Of("dropped") == 4);
        Assert.Single(sentry.All);
    }

    [Fact]
    public async Task Refused_Everything_IsDroppedAndTheServiceStops()
    {
        await using var sentry = SentryStub.Refusing();
        await using var service = await SentryService.StartAsync(sentry.Dsn);

        Assert.All(await service.SendAsync(5), status => Assert.Equal(200, status));

        await service.StatesAsync(states => states.Of("dropped") == 5);
        Assert.All(await service.EventsAsync(), entry => Assert.Equal("no connection", entry.Text("reason")));
        Assert.Equal(0, (await service.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task Proxy_OnTheWayToThisMachine_SeesNothing()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        await using var proxy = await SentryReceiver.StartAsync();
        await using var service = await SentryService.StartAsync(
            sentry.Dsn, ("http_proxy", $"http://{new Uri(proxy.Dsn).Authority}"), ("no_proxy", ""));

        await service.SendAsync(1);

        await service.StatesAsync(states => states.Of("sent") == 1);
        Assert.Empty(proxy.All);
        Assert.Single(sentry.All);
    }

    [Fact]
    public async Task BlackHole_RequestsAndStopping_GoOnAsIfNothingWere()
    {
        await using var sentry = SentryStub.Silent();
        await using var service = await SentryService.StartAsync(sentry.Dsn);

        // More envelopes than the senders deliver at once.
        Assert.All(await service.SendAsync(50), status => Assert.Equal(200, status));
        await service.StatesAsync(states => states.Of("queued") == 50);

        // The service must stop by itself. make check-modes checks how long that takes.
        Assert.Equal(0, (await service.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task Burst_OfThreeHundredFailures_LosesNone()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        await using var service = await SentryService.StartAsync(sentry.Dsn);
        await service.SetModeAsync("pool_saturation");

        Assert.All(await service.SendAsync(300), status => Assert.Equal(500, status));

        await service.StatesAsync(states => states.Of("sent") == 600);
        Assert.Equal((300, 300), (sentry.Events.Count, sentry.Transactions.Count));
        Assert.Equal(0, (await service.Http.GetJsonAsync("/api/signals/summary")).Of("lost"));
    }

    [Fact]
    public async Task Trouble_OfSeveral_IsOneLine()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        sentry.Answer = (_, context) => AnswerAsync(context, HttpStatusCode.ServiceUnavailable);
        await using var service = await SentryService.StartAsync(sentry.Dsn);
        await service.SendAsync(3);
        await service.StatesAsync(states => states.Of("refused") == 3);

        var log = await service.LogAsync(log => log.Contains("does not receive transaction signals", StringComparison.Ordinal));

        Assert.Single(log.Split('\n'), line => line.Contains("does not receive", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WithSignalsWaiting_SendsThemFirst()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        sentry.Answer = async (_, context) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            await AnswerAsync(context, HttpStatusCode.OK);
        };
        await using var service = await SentryService.StartAsync(sentry.Dsn);

        await service.SendAsync(40);
        await service.StatesAsync(states => states.Of("queued") + states.Of("sent") == 40);
        Assert.Equal(0, (await service.StopAsync()).ExitCode);

        Assert.Equal(40, sentry.Transactions.Count);
    }

    [Fact]
    public async Task QueueFull_WhatDoesNotFit_IsDroppedAndCounted()
    {
        await using var sentry = SentryStub.Silent();
        await using var service = await SentryService.StartAsync(sentry.Dsn);
        var full = false;
        for (var sent = 0; !full && sent < 3000; sent += 100)
        {
            await service.SendAsync(100);
            full = (await service.EventsAsync()).Any(entry => entry.Text("reason") == "queue full");
        }

        // The queue holds 1,000 envelopes, and eight senders one each. An envelope that will be dropped counts as queued for a moment.
        Assert.True(full);
        var states = await service.StatesAsync(states => states.Of("queued") is >= 1 and <= 1008);
        Assert.InRange(states.Of("dropped"), 1, 3000 - 1000);
    }

    [Fact]
    public async Task Receiver_ThatCallsTheServiceItself_MakesNoLoop()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        await using var service = await SentryService.StartAsync(sentry.Dsn);
        using var http = new HttpClient { BaseAddress = service.Http.BaseAddress };
        sentry.Answer = async (received, context) =>
        {
            // This Sentry is part of the traced service, so that each envelope causes another request.
            using var own = await http.PostAsync(new Uri(received.Path, UriKind.Relative), new StringContent(received.Text));
            context.Response.StatusCode = (int)own.StatusCode;
        };

        await service.SendAsync(3);

        var states = await service.StatesAsync(states => states.Of("refused") >= 3 && states.Of("queued") == 0);
        Assert.Equal(3, states.Of("refused"));
        Assert.Equal(3, sentry.All.Count);
    }

    [Fact]
    public async Task Sampling_OfHalf_LeavesErrorsWholeAndTracesTogether()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        await using var service = await SentryService.StartAsync(
            sentry.Dsn, ("SENTRY_TRACES_SAMPLE_RATE", "0.5"), ("SENTRY_RELEASE", "v7"));
        await service.SetModeAsync("pool_saturation");

        await service.SendAsync(60);

        // A transaction arrives after its error. On a busy machine that takes a while.
        await sentry.UntilAsync(sentry => sentry.Events.Count == 60 && sentry.Transactions.Count > 0);
        await service.StatesAsync(states => states.Of("queued") == 0);

        // Chance keeps neither all nor none of sixty.
        Assert.InRange(sentry.Transactions.Count, 1, 59);
        var traces = sentry.Events.Select(error => error.TraceId()).ToHashSet();
        Assert.Equal(60, traces.Count);
        Assert.All(sentry.Transactions, transaction => Assert.Contains(transaction.TraceId(), traces));
        Assert.All([.. sentry.Events, .. sentry.Transactions], signal => Assert.Equal("v7", signal.Text("release")));
    }

    [Fact]
    public async Task Settings_OfEveryKind_AreCarriedAndNothingElseIsRead()
    {
        await using var sentry = await SentryReceiver.StartAsync();
        await using var elsewhere = await SentryReceiver.StartAsync();
        await using var service = await SentryService.StartAsync(
            sentry.Dsn,
            ("Sentry__InitializeSdk", "false"),
            ("Sentry__MaxBreadcrumbs", "0"),
            ("Sentry__Distribution", "other"),
            ("Sentry__DefaultTags__other", "other"),
            ("Sentry__TagFilters__0", "failure"),
            ("SENTRY_RELEASE", "v7"),
            ("SENTRY_TRACES_SAMPLE_RATE", "0"),
            ("SIGNAL_INBOX", "false"),
            ("INJECT_TIMEOUT_ERRORS", "true"),
            ("SENTRY_ENVIRONMENT", "elsewhere"),
            ("Sentry__Dsn", elsewhere.Dsn),
            ("Sentry__Release", "other"),
            ("Sentry__TracesSampleRate", "1"),
            ("Sentry__SendDefaultPii", "true"),
            ("Sentry__MaxRequestBodySize", "Always"),
            ("Sentry__EnableSpotlight", "true"),
            ("Sentry__SpotlightUrl", elsewhere.Dsn.Replace(SentryReceiver.Key + "@", "", StringComparison.Ordinal)),
            ("Sentry__EnableLogs", "true"),
            ("Sentry__MinimumEventLevel", "Information"));

        Assert.All(await service.SendAsync(2), status => Assert.Equal(500, status));
        await sentry.UntilAsync(sentry => sentry.Events.Count == 2);
        var summary = await service.Http.GetUntilAsync("/api/signals/summary", summary => summary.GetProperty("states").Of("sent") == 2);

        Assert.Empty(elsewhere.All);
        Assert.Empty(sentry.Transactions);
        Assert.All(sentry.Events, error =>
        {
            Assert.Equal(("v7", "demo", null), (error.Text("release"), error.Text("environment"), error.Text("dist")));
            Assert.Equal(("none", null), (error.Tag("failure_mode"), error.Tag("other")));
            Assert.NotEmpty(error.Breadcrumbs());
            Assert.Equal("MockSre.Domain.Profiles.ProfileDeadlineException", error.Exception().Text("type"));
            Assert.Equal("The profile was not complete within its deadline", error.Exception().Text("value"));
            Assert.Equal("250", error.Timeout("deadline_ms"));
            Assert.Equal(
                """["MockSre.Domain.Profiles.ProfileDeadlineException","ProfileService.GiveUpAfterAsync"]""", error.Text("fingerprint"));
            Assert.Contains("ProfileService.GiveUpAfterAsync(", error.Frames()[^1].Text("function"), StringComparison.Ordinal);
            Assert.Null(error.Text("user", "ip_address"));
            Assert.Equal("false", error.Exception().Text("mechanism", "handled"));
            Assert.Equal("true", error.Frames()[^1].Text("in_app"));
            Assert.Equal(32, error.TraceId()?.Length);
        });
        Assert.Equal(("false", 0), (summary.Text("inbox", "on"), summary.GetProperty("inbox").Of("held")));
        Assert.Equal(2, summary.Of("errors"));
        using var list = await service.Http.GetAsync(new Uri("/api/signals/issues", UriKind.Relative));
        Assert.Contains("SIGNAL_INBOX=false", await list.ProblemAsync(409), StringComparison.Ordinal);
        var expectations = await service.Http.GetJsonAsync("/api/signals/expectations");
        Assert.All(
            expectations.GetProperty("expectations").EnumerateArray(),
            expectation => Assert.Equal(
                ("unavailable", "the inbox is off (SIGNAL_INBOX=false)"), (expectation.Text("state"), expectation.Text("reason"))));
    }

    private static async Task AnswerAsync(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        await context.Response.WriteAsync("{}");
    }
}

/// <summary>Calls to the signals API of a service.</summary>
internal static class SignalCalls
{
    public static int Of(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static async Task<JsonElement> StatesAsync(this SentryService service, Func<JsonElement, bool> wished) =>
        (await service.Http.GetUntilAsync("/api/signals/summary", summary => wished(summary.GetProperty("states")))).GetProperty("states");

    public static async Task<IReadOnlyList<JsonElement>> EventsAsync(this SentryService service) =>
        [.. (await service.Http.GetJsonAsync("/api/signals/events?limit=2000")).GetProperty("events").EnumerateArray()];
}
