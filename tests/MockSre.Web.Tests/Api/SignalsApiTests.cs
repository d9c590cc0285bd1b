using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MockSre.Checks;
using MockSre.Domain.Faults;
using MockSre.Domain.Signals;
using MockSre.Web.Signals;

namespace MockSre.Web.Tests.Api;

public class SignalsApiTests(SharedApps apps) : IClassFixture<SharedApps>
{
    private const string Token = "correct-horse-battery-staple";

    private static readonly string[] Listed = ["event_id", "kind", "title", "release", "failure_mode", "state", "reason"];

    private static readonly string[] Looks =
    [
        "/api/signals/summary", "/api/signals/issues", "/api/signals/transactions", "/api/signals/events", "/api/signals/envelopes",
        "/api/signals/expectations",
    ];

    [Fact]
    public async Task Summary_NothingCame_SaysWhatTheServiceIs()
    {
        await using var app = MockSreApp.StartWithInbox(("FAILURE_MODE", "combined"), ("SENTRY_TRACES_SAMPLE_RATE", "0.25"));
        using var http = app.CreateClient();

        var summary = await http.GetJsonAsync("/api/signals/summary");

        Assert.Equal("""{"on":false,"host":null,"traces_sample_rate":0.25}""", Raw(summary, "sentry"));
        Assert.Equal(("\"d40f3b2\"", "\"demo\""), (Raw(summary, "release"), Raw(summary, "environment")));
        Assert.Equal("0 0 0", $"{Raw(summary, "errors")} {Raw(summary, "transactions")} {Raw(summary, "lost")}");
        Assert.Equal("""{"local":0,"queued":0,"sent":0,"refused":0,"dropped":0}""", Raw(summary, "states"));
        Assert.Equal("[]", Raw(summary, "discarded"));
        Assert.Equal("""{"on":true,"held":0,"held_bytes":0,"evicted":0,"unreadable":0}""", Raw(summary, "inbox"));
        Assert.Equal(Inbox(app).Counts.Since, summary.GetProperty("since").GetDateTimeOffset());
    }

    [Fact]
    public async Task Summary_InboxOff_SaysSo()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        Inbox(app).Add(new SentError().Envelope(), SignalState.Local);

        var summary = await http.GetJsonAsync("/api/signals/summary");

        Assert.Equal("""{"on":false,"held":0,"held_bytes":0,"evicted":0,"unreadable":0}""", Raw(summary, "inbox"));
        Assert.Equal("1", Raw(summary, "errors"));
    }

    [Fact]
    public async Task Summary_SignalsOfEveryFate_AreCounted()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        var inbox = Inbox(app);
        inbox.Add(new SentError().Envelope(), SignalState.Local);
        inbox.Settle(inbox.Add(new SentError().Envelope(), SignalState.Queued), SignalState.Sent);
        inbox.Settle(inbox.Add(new SentTransaction().Envelope(), SignalState.Queued), SignalState.Refused, "status 413");
        inbox.Settle(inbox.Add(new SentTransaction().Envelope(), SignalState.Queued), SignalState.Dropped, "queue full");
        inbox.Add(new SentTransaction().Envelope(), SignalState.Queued);
        inbox.Add(SentReport.Of("queue_overflow", "error", 7), SignalState.Local);
        inbox.Add(SentReport.Of("before_send", "transaction", 3), SignalState.Local);
        inbox.Add("no envelope"u8.ToArray(), SignalState.Local);

        var summary = await http.GetJsonAsync("/api/signals/summary");

        Assert.Equal("2 3 8", $"{Raw(summary, "errors")} {Raw(summary, "transactions")} {Raw(summary, "lost")}");
        Assert.Equal("""{"local":4,"queued":1,"sent":1,"refused":1,"dropped":1}""", Raw(summary, "states"));
        Assert.Equal(
            """[{"reason":"queue_overflow","category":"error","quantity":7},"""
            + """{"reason":"before_send","category":"transaction","quantity":3}]""",
            Raw(summary, "discarded"));
        Assert.Equal(
            $$"""{"on":true,"held":7,"held_bytes":{{inbox.Entries.Sum(entry => entry.Bytes.Length)}},"evicted":0,"unreadable":1}""",
            Raw(summary, "inbox"));
    }

    [Fact]
    public async Task Issues_ErrorsOfTwoKinds_AreGroupedWithShares()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        var timeout = new SentError { Mode = "combined" };
        Add(app, timeout, timeout, timeout with { Mode = "pool_saturation", Release = "8a2c5e0" });
        Add(app, timeout with { At = SentSignal.Start.AddSeconds(9), Message = "the latest\nhas two lines", EventId = SentSignal.Id(4) });
        Add(app, new SentError
        {
            ExceptionType = "System.IO.IOException",
            Message = "disk",
            Method = "void Disk.Read()",
            At = SentSignal.Start.AddSeconds(5),
        });
        Add(app, new SentTransaction());

        var answer = await http.GetJsonAsync("/api/signals/issues");

        Assert.Equal(0, answer.GetProperty("left_out").GetInt32());
        var issues = answer.GetProperty("issues").EnumerateArray().ToArray();
        Assert.Equal(
            ["PoolTimeoutException: the latest", "IOException: disk"], issues.Select(issue => issue.GetProperty("title").GetString()));
        Assert.Equal("\"MockSre.Domain.Profiles.PoolTimeoutException\"", Raw(issues[0], "type"));
        Assert.Equal(["ConnectionPool.AcquireAsync", "Disk.Read"], issues.Select(issue => issue.GetProperty("culprit").GetString()));
        Assert.Equal([4, 1], issues.Select(issue => issue.GetProperty("count").GetInt32()));
        Assert.Equal(SentSignal.Start, issues[0].GetProperty("first_seen").GetDateTimeOffset());
        Assert.Equal(SentSignal.Start.AddSeconds(9), issues[0].GetProperty("last_seen").GetDateTimeOffset());
        Assert.Equal(SentSignal.Id(4), issues[0].GetProperty("latest_event_id").GetString());
        Assert.Equal(
            """[{"key":"demo_scenario","values":[{"value":"incident_b","count":4,"share":1}],"other_values":0,"other_count":0},"""
            + """{"key":"failure_mode","values":[{"value":"combined","count":3,"share":0.75},"""
            + """{"value":"pool_saturation","count":1,"share":0.25}],"other_values":0,"other_count":0}]""",
            Raw(issues[0], "tags"));
        Assert.Equal(
            """[{"value":"d40f3b2","count":3,"share":0.75},{"value":"8a2c5e0","count":1,"share":0.25}]""", Raw(issues[0], "releases"));
        Assert.Equal("[]", Raw(issues[1], "tags"));
    }

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(103, 100, 3)]
    public async Task Issues_MoreThanAHundred_SaysHowManyItLeftOut(int kinds, int listed, int leftOut)
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Add(app, [.. Enumerable.Range(1, kinds).Select(kind =>
            new SentError { ExceptionType = $"Test.Kind{kind}", At = SentSignal.Start.AddSeconds(kind) })]);

        var answer = await http.GetJsonAsync("/api/signals/issues");

        Assert.Equal((listed, leftOut), (answer.GetProperty("issues").GetArrayLength(), answer.GetProperty("left_out").GetInt32()));
        Assert.Equal($"\"Test.Kind{kinds}\"", Raw(answer.GetProperty("issues")[0], "type"));
    }

    [Fact]
    public async Task Transactions_TwoNames_GivesFiguresOfEach()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Add(app, [.. Enumerable.Range(1, 20).Select(number => new SentTransaction
        {
            EventId = SentSignal.Id(number),
            Duration = TimeSpan.FromMilliseconds(10 * number),
            HttpStatus = number <= 5 ? 500 : 200,
            DatabaseReads = 1,
            Mode = "combined",
        })]);
        Add(app, new SentTransaction { Transaction = "GET /other", HttpStatus = 404 });

        var groups = (await http.GetJsonAsync("/api/signals/transactions")).GetProperty("transactions").EnumerateArray().ToArray();

        Assert.Equal(["GET /api/users/profile/{user_id}", "GET /other"], groups.Select(group => group.GetProperty("name").GetString()));
        Assert.Equal(
            "20 0.25 100 190",
            $"{Raw(groups[0], "count")} {Raw(groups[0], "failure_rate")} {Raw(groups[0], "p50_ms")} {Raw(groups[0], "p95_ms")}");
        Assert.Equal(
            "1 1 5 5", $"{Raw(groups[1], "count")} {Raw(groups[1], "failure_rate")} {Raw(groups[1], "p50_ms")} {Raw(groups[1], "p95_ms")}");
        Assert.Equal(SentSignal.Start.AddMilliseconds(200), groups[0].GetProperty("last_seen").GetDateTimeOffset());
        var slowest = groups[0].GetProperty("slowest").EnumerateArray().ToArray();
        Assert.Equal([200, 190, 180, 170, 160], slowest.Select(transaction => transaction.GetProperty("duration_ms").GetDouble()));
        Assert.Equal(SentSignal.Id(20), slowest[0].GetProperty("event_id").GetString());
        Assert.Equal(Envelopes.TraceId, slowest[0].GetProperty("trace_id").GetString());
        Assert.Equal(SentSignal.Start, slowest[0].GetProperty("started_at").GetDateTimeOffset());
        Assert.Equal(
            "\"ok\" 200 \"d40f3b2\" 1",
            $"{Raw(slowest[0], "status")} {Raw(slowest[0], "http_status")} {Raw(slowest[0], "release")} {Raw(slowest[0], "db_reads")}");
        Assert.Equal("""{"demo_scenario":"incident_b","failure_mode":"combined"}""", Raw(slowest[0], "tags"));
    }

    [Fact]
    public async Task Transactions_Spans_StandInOrderWithDepth()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Add(app, new SentTransaction
        {
            Duration = TimeSpan.FromMilliseconds(40),
            Spans =
            [
                new SentSpan(
                    "db.query", "SELECT 1", TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(12)) { SpanId = "c", Parent = "b" },
                new SentSpan("db.pool.wait", "wait", TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(2)) { SpanId = "a" },
                new SentSpan("db.connection", "connection", TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(10)) { SpanId = "b" },
            ],
        });

        var transaction = (await http.GetJsonAsync("/api/signals/transactions")).GetProperty("transactions")[0].GetProperty("slowest")[0];

        var spans = transaction.GetProperty("spans").EnumerateArray().ToArray();
        Assert.Equal(
            ["0 \"db.pool.wait\" \"wait\" 2+5", "0 \"db.connection\" \"connection\" 10+25", "1 \"db.query\" \"SELECT 1\" 12+20"],
            spans.Select(span => $"{Raw(span, "depth")} {Raw(span, "operation")} {Raw(span, "description")} "
                + $"{Raw(span, "offset_ms")}+{Raw(span, "duration_ms")}"));
        Assert.All(spans, span => Assert.Equal("\"ok\"", Raw(span, "status")));
    }

    [Theory]
    [InlineData("", 100)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=120", 120)]
    [InlineData("?limit=2000", 130)]
    public async Task Events_Limit_IsTheMostItLists(string query, int listed)
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Add(app, [.. Enumerable.Range(1, 130).Select(number => new SentTransaction { EventId = SentSignal.Id(number) })]);

        var events = (await http.GetJsonAsync($"/api/signals/events{query}")).GetProperty("events").EnumerateArray().ToArray();

        Assert.Equal(
            Enumerable.Range(0, listed).Select(before => SentSignal.Id(130 - before)),
            events.Select(item => item.GetProperty("event_id").GetString()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2001")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e2")]
    [InlineData("99999999999999999999")]
    [InlineData("many")]
    public async Task Events_BadLimit_Is400(string limit)
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri($"/api/signals/events?limit={limit}", UriKind.Relative));

        Assert.Contains("1 to 2000", await response.ProblemAsync(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfEachKind_SayWhatTheyAre()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        var inbox = Inbox(app);
        inbox.Add(
            new SentError { EventId = SentSignal.Id(1), Message = "no connection", Mode = "combined" }.Envelope(), SignalState.Queued);
        inbox.Settle(inbox.Entries[0], SignalState.Refused, "status 413");
        inbox.Add(new SentTransaction { EventId = SentSignal.Id(2) }.Envelope(), SignalState.Local);
        inbox.Add(SentReport.Of("queue_overflow", "error", 1), SignalState.Local);
        inbox.Add(Envelopes.Of("event", """{"message":"only words"}"""), SignalState.Local);

        var events = (await http.GetJsonAsync("/api/signals/events")).GetProperty("events").EnumerateArray().ToArray();

        Assert.Equal(
            [
                """[null,"error","only words",null,null,"local",null]""",
                """[null,null,null,null,null,"local",null]""",
                $$"""["{{SentSignal.Id(2)}}","transaction","GET /api/users/profile/{user_id}","d40f3b2",null,"local",null]""",
                $$"""["{{SentSignal.Id(1)}}","error","PoolTimeoutException: no connection","d40f3b2","combined","refused","status 413"]""",
            ],
            events.Select(item => $"[{string.Join(',', Listed.Select(name => Raw(item, name)))}]"));
        Assert.Equal(SentSignal.Start, events[3].GetProperty("at").GetDateTimeOffset());
        Assert.Equal(inbox.Entries[1].ReceivedAt, events[1].GetProperty("at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("1ed564620c474626a29a65dd9753dc3d")]
    [InlineData("1ED564620C474626A29A65DD9753DC3D")]
    [InlineData("1ed56462-0c47-4626-a29a-65dd9753dc3d")]
    [InlineData("1ED56462-0C47-4626-A29A-65DD9753DC3D")]
    public async Task Event_Known_IsThePayloadByteForByte(string id)
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        var error = new SentError { EventId = Envelopes.EventId, Message = "ä \" < \u2028 😀" };
        Add(app, new SentTransaction(), error, new SentError());

        using var response = await http.GetAsync(new Uri($"/api/signals/events/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(error.Payload(Envelopes.EventId), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Event_WrittenByHand_IsNotReformatted()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        const string Payload = """{ "event_id" : "1ed564620c474626a29a65dd9753dc3d",  "message":"ä\u00e4", "n": 1.50e0 }""";
        Inbox(app).Add(Envelopes.Of("event", Payload, Envelopes.EventId), SignalState.Local);

        Assert.Equal(Payload, await http.GetStringAsync(new Uri($"/api/signals/events/{Envelopes.EventId}", UriKind.Relative)));
    }

    [Theory]
    [InlineData("00000000000000000000000000000009")]
    [InlineData("1ed564620c474626a29a65dd9753dc3")]
    [InlineData("1ed564620c474626a29a65dd9753dc3d0")]
    [InlineData("{1ed56462-0c47-4626-a29a-65dd9753dc3d}")]
    [InlineData("nonsense")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("ä")]
    public async Task Event_Unknown_Is404(string id)
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Add(app, new SentError { EventId = Envelopes.EventId });

        using var response = await http.GetAsync(new Uri($"/api/signals/events/{id}", UriKind.Relative));

        await response.ProblemAsync(404);
    }

    [Fact]
    public async Task Event_IdOfAnEnvelopeWithoutAnEvent_Is404()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Inbox(app).Add(Envelopes.Of("session", "{}", Envelopes.EventId), SignalState.Local);

        using var response = await http.GetAsync(new Uri($"/api/signals/events/{Envelopes.EventId}", UriKind.Relative));

        await response.ProblemAsync(404);
    }

    [Fact]
    public async Task Envelopes_Several_SplitAtEmptyLinesAndReadAgain()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        SentSignal[] sent =
        [
            new SentError { EventId = SentSignal.Id(1), Message = "two\n\nlines ä 😀" },
            new SentTransaction
            {
                EventId = SentSignal.Id(2),
                Spans = [new SentSpan("db.query", "SELECT 1\n\nFROM x", TimeSpan.FromSeconds(1))],
            },
            new SentError { EventId = SentSignal.Id(3) },
        ];
        Add(app, sent);

        using var response = await http.GetAsync(new Uri("/api/signals/envelopes", UriKind.Relative));

        Assert.Equal("application/x-sentry-envelope", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        var body = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("public_key", body, StringComparison.Ordinal);
        Assert.DoesNotContain("inbox", body, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", body, StringComparison.Ordinal);
        var envelopes = Split(body);
        Assert.Equal(sent.Length, envelopes.Length);
        foreach (var (before, after) in sent.Zip(envelopes))
        {
            Assert.True(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(after), out var envelope, out var problem), problem);
            Assert.Equal(before.EventId, envelope.EventId);
            Assert.Equal(before.Payload(before.EventId!), Encoding.UTF8.GetString(Assert.Single(envelope.Items).Payload.Span));
            Assert.Equal(
                $$"""{"sdk":{"name":"sentry.dotnet","version":"6.12.1"},"event_id":"{{before.EventId}}"}""",
                Encoding.UTF8.GetString(envelope.Header.Span));
        }
    }

    [Fact]
    public async Task Envelopes_Several_CanBePostedToAnotherSentry()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Add(app, new SentError { EventId = SentSignal.Id(1) }, new SentTransaction { EventId = SentSignal.Id(2) });
        await using var sentry = await SentryReceiver.StartAsync();
        using var away = new HttpClient();

        foreach (var envelope in Split(await http.GetStringAsync(new Uri("/api/signals/envelopes", UriKind.Relative))))
        {
            using var content = new StringContent(envelope);
            using var answer = await away.PostAsync(
                new Uri($"http://{new Uri(sentry.Dsn).Authority}/api/1/envelope/?sentry_key=any"), content);
        }

        Assert.Equal(SentSignal.Id(1), Assert.Single(sentry.Events).GetProperty("event_id").GetString());
        Assert.Equal(SentSignal.Id(2), Assert.Single(sentry.Transactions).GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task Envelopes_AThirdWhileTwoAreRead_Is429UntilOneEnds()
    {
        await using var app = MockSreApp.StartWithInbox();
        using var http = app.CreateClient();
        var slots = app.Services.GetRequiredService<ExportSlots>();
        Assert.True(slots.TryTake() && slots.TryTake());

        using var third = await http.GetAsync(new Uri("/api/signals/envelopes", UriKind.Relative));
        slots.Return();
        using var next = await http.GetAsync(new Uri("/api/signals/envelopes", UriKind.Relative));
        using var afterThat = await http.GetAsync(new Uri("/api/signals/envelopes", UriKind.Relative));

        Assert.Contains("At most 2", await third.ProblemAsync(429), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (next.StatusCode, afterThat.StatusCode));
    }

    [Fact]
    public async Task Envelopes_AReaderThatStalls_IsCutOffAtTheLimit()
    {
        await using var app = MockSreApp.StartOnSocketWithInbox(TimeSpan.FromMilliseconds(300));
        FillWithMegabytes(app);
        using var reader = await StallAsync(app);

        await EverySlotIsFreeAsync(app.Services.GetRequiredService<ExportSlots>());

        await Assert.ThrowsAsync<IOException>(() => reader.GetStream().CopyToAsync(Stream.Null).WithinGuard());
    }

    [Fact]
    public async Task Envelopes_AReaderThatStalls_DoesNotKeepTheServiceFromStopping()
    {
        await using var app = MockSreApp.StartOnSocketWithInbox(TimeSpan.FromMinutes(10));
        FillWithMegabytes(app);
        using var reader = await StallAsync(app);

        // A stopped host no longer resolves services.
        var slots = app.Services.GetRequiredService<ExportSlots>();
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await EverySlotIsFreeAsync(slots);
    }

    [Fact]
    public async Task Lists_AfterEvictions_SaySo()
    {
        await using var app = MockSreApp.StartWithInbox();
        using var http = app.CreateClient();
        for (var i = 0; i < SignalInbox.MaxEnvelopes + 3; i++)
        {
            Add(app, new SentTransaction { Transaction = $"GET /{i % 150}" });
        }

        foreach (var list in new[] { "issues", "transactions", "events" })
        {
            Assert.Equal("3", Raw(await http.GetJsonAsync($"/api/signals/{list}"), "evicted"));
        }

        var transactions = await http.GetJsonAsync("/api/signals/transactions");
        Assert.Equal((100, "50"), (transactions.GetProperty("transactions").GetArrayLength(), Raw(transactions, "left_out")));
    }

    [Fact]
    public async Task Envelopes_EmptyInbox_IsAnEmptyBody()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri("/api/signals/envelopes", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-sentry-envelope", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{}\n")]
    [InlineData("{}\n\n\n")]
    [InlineData("{\"trace\":{\"public_key\":\"inbox\"}}")]
    [InlineData("{\"a\":1,\"a\":2,\"trace\":{\"public_key\":\"inbox\"},\"trace\":{\"public_key\":\"inbox\"}}\n{\"type\":\"event\"}\n{}")]
    [InlineData("{\"event_id\":7}\r\n{\"type\":\"event\"}\r\n{}")]
    [InlineData("{\"event_id\":null}\n{\"type\":\"event\",\"length\":2}\n{}")]
    [InlineData("{}\n{\"type\":\"event\"}\nnot JSON")]
    [InlineData("{}\n{\"type\":\"event\"}\n[]")]
    [InlineData("{}\n{\"type\":\"event\",\"length\":0}")]
    [InlineData("{}\n{\"type\":\"event\",\"length\":0}\n\n")]
    [InlineData("{}\n{\"type\":\"event\"}\n{\"exception\":[{}],\"tags\":[[null,1]],\"breadcrumbs\":7}\n")]
    [InlineData("{}\n{\"type\":\"transaction\"}\n"
        + "{\"start_timestamp\":1,\"timestamp\":2,\"spans\":[{},{\"span_id\":\"a\",\"parent_span_id\":\"a\"}]}")]
    [InlineData("{}\n{\"type\":\"transaction\"}\n{\"start_timestamp\":-62135596800,\"timestamp\":253402300799}")]
    [InlineData("{}\n{\"type\":\"client_report\"}\n{\"discarded_events\":[null,{}]}")]
    [InlineData("{}\n{\"type\":\"client_report\"}\n"
        + "{\"discarded_events\":[{\"reason\":\"x\",\"category\":\"error\",\"quantity\":9223372036854775807},"
        + "{\"reason\":\"y\",\"category\":\"error\",\"quantity\":9223372036854775807}]}")]
    [InlineData("no envelope")]
    public async Task AnyLook_OddEnvelopeInTheInbox_Is200(string envelope)
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        Inbox(app).Add(Encoding.UTF8.GetBytes(envelope), SignalState.Local);
        Add(app, new SentError { EventId = SentSignal.Id(1) });

        foreach (var path in Looks)
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
        }

        var export = await http.GetStringAsync(new Uri("/api/signals/envelopes", UriKind.Relative));
        Assert.DoesNotContain("inbox", export, StringComparison.Ordinal);
        Assert.Equal(Inbox(app).Counts.Held, Split(export).Length);
        Assert.All(
            Split(export), part => Assert.True(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(part), out _, out var problem), problem));
        using var error = await http.GetAsync(new Uri($"/api/signals/events/{SentSignal.Id(1)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, error.StatusCode);
    }

    [Fact]
    public async Task Expectations_SignalsOfTheModeInForce_AreWitnessed()
    {
        await using var app = MockSreApp.StartWithInbox(("FAILURE_MODE", "pool_saturation"));
        using var http = app.CreateClient();
        var deployment = app.Services.GetRequiredService<FailureSwitch>().Current;
        Add(app, new SentError { Deployment = deployment.Number, Mode = deployment.Label, EventId = SentSignal.Id(1) });

        var answer = await http.GetJsonAsync("/api/signals/expectations");

        Assert.Equal(("\"pool_saturation\"", "0"), (Raw(answer, "mode"), Raw(answer, "requests")));
        Assert.Equal(deployment.Since, answer.GetProperty("since").GetDateTimeOffset());
        Assert.Equal(
            [$"timeout_errors witnessed 1 {SentSignal.Id(1)}", "failed_transactions pending 0 "],
            answer.GetProperty("expectations").EnumerateArray().Select(expectation => string.Join(
                ' ', Array.ConvertAll(["id", "state", "observed", "latest_event_id"], name => expectation.GetProperty(name).ToString()))));
        Assert.Equal(
            ["Error alert", "Suspect commits"],
            answer.GetProperty("sentry_wants").EnumerateArray().Select(want => want.GetProperty("feature").GetString()));
    }

    [Fact]
    public async Task Expectations_InboxOff_AreUnavailable()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        var answer = await http.GetJsonAsync("/api/signals/expectations");

        Assert.All(answer.GetProperty("expectations").EnumerateArray(), expectation => Assert.Equal(
            ("unavailable", "the inbox is off (SIGNAL_INBOX=false)"),
            (expectation.GetProperty("state").GetString(), expectation.GetProperty("reason").GetString())));
    }

    [Fact]
    public async Task Delete_InDemo_EmptiesInboxAndExpectations()
    {
        var app = await apps.StartWithInboxAsync();
        using var http = app.CreateClient();
        var deployment = app.Services.GetRequiredService<FailureSwitch>().Current;
        Add(app, new SentError { Deployment = deployment.Number, Mode = deployment.Label });

        using var response = await http.DeleteAsync(new Uri("/api/signals", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("0 0", await HeldAndErrorsAsync(http));
        var expectations = await http.GetJsonAsync("/api/signals/expectations");
        Assert.Equal("0", Raw(expectations.GetProperty("expectations")[0], "observed"));

        Add(app, new SentError { Deployment = deployment.Number, Mode = deployment.Label });
        Assert.Equal("1 1", await HeldAndErrorsAsync(http));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Token)]
    public async Task Delete_OutsideDemo_Is403(string? token)
    {
        var app = await apps.StartWithInboxAsync(("ENV", "local"), ("ADMIN_TOKEN", token ?? ""));
        using var http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        Add(app, new SentError());

        using var response = await http.DeleteAsync(new Uri("/api/signals", UriKind.Relative));

        Assert.Contains("ENV=demo", await response.ProblemAsync(403), StringComparison.Ordinal);
        Assert.Equal("1 1", await HeldAndErrorsAsync(http));
    }

    [Theory]
    [InlineData("/api/signals", null)]
    [InlineData("/api/signals", "Bearer wrong")]
    [InlineData("/api/signals", "Bearer ")]
    [InlineData("/api/signals", "Basic correct-horse-battery-staple")]
    [InlineData("/api/signals/", null)]
    [InlineData("/API/Signals", null)]
    public async Task Delete_WithoutTheToken_Is401AndEmptiesNothing(string path, string? header)
    {
        var app = await apps.StartWithInboxAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        Add(app, new SentError());
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(401);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("1 1", await HeldAndErrorsAsync(http));
    }

    [Fact]
    public async Task Delete_RightToken_Empties()
    {
        var app = await apps.StartWithInboxAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        Add(app, new SentError());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        using var response = await http.DeleteAsync(new Uri("/api/signals", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("0 0", await HeldAndErrorsAsync(http));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Delete_FromAnotherOrigin_Is403EvenWithTheToken(string header, string value)
    {
        var app = await apps.StartWithInboxAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        Add(app, new SentError());
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/signals");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Add(header, value);

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(403);
        Assert.Equal("1 1", await HeldAndErrorsAsync(http));
    }

    [Fact]
    public async Task Delete_WrongTokens_CountTogetherWithThoseOfAdmin()
    {
        await using var app = MockSreApp.StartWithInbox(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        for (var i = 0; i < 10; i++)
        {
            using var guess = new HttpRequestMessage(
                i % 2 == 0 ? HttpMethod.Delete : HttpMethod.Get, i % 2 == 0 ? "/api/signals" : "/admin/load");
            guess.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"guess-{i}");
            using var refused = await http.SendAsync(guess);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var delete = await http.DeleteAsync(new Uri("/api/signals", UriKind.Relative));
        using var load = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));
        using var look = await http.GetAsync(new Uri("/api/signals/summary", UriKind.Relative));

        await delete.ProblemAsync(429);
        await load.ProblemAsync(429);
        Assert.Equal(HttpStatusCode.OK, look.StatusCode);
    }

    [Fact]
    public async Task AnyLook_TokenSetAndNoneGiven_Is200()
    {
        var app = await apps.StartWithInboxAsync(("ADMIN_TOKEN", Token), ("ENV", "local"));
        using var http = app.CreateClient();
        Add(app, new SentError { EventId = SentSignal.Id(1) });

        foreach (var path in Looks.Append($"/api/signals/events/{SentSignal.Id(1)}"))
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Reset_SignalsInTheInbox_AreGoneAndLateOnesStayOut()
    {
        await using var app = MockSreApp.StartWithInbox(("FAILURE_MODE", "pool_saturation"));
        using var http = app.CreateClient();
        var failures = app.Services.GetRequiredService<FailureSwitch>();
        var late = new SentError { Deployment = failures.Current.Number, Mode = failures.Current.Label };
        Add(app, late);
        Assert.Equal("1 1", await HeldAndErrorsAsync(http));

        using var reset = await http.PostAsync("/admin/reset");
        Assert.Equal("0 0", await HeldAndErrorsAsync(http));

        Add(app, late);
        Assert.Equal("0 0", await HeldAndErrorsAsync(http));
        Add(app, late with { Deployment = failures.Current.Number, Mode = failures.Current.Label });
        Assert.Equal("1 1", await HeldAndErrorsAsync(http));
        var expectation = (await http.GetJsonAsync("/api/signals/expectations")).GetProperty("expectations")[0];
        Assert.Equal("\"no_errors\" \"absent\" 1", $"{Raw(expectation, "id")} {Raw(expectation, "state")} {Raw(expectation, "observed")}");
    }

    [Fact]
    public async Task OpenApi_Signals_AskForTheTokenOnDeleteAlone()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        var paths = (await http.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");

        var operations = paths.EnumerateObject()
            .Where(path => path.Name.StartsWith("/api/signals", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (
                Name: $"{operation.Name} {path.Name.TrimEnd('/')}",
                AsksForToken: operation.Value.TryGetProperty("security", out var security)
                    && security[0].TryGetProperty("admin_token", out _))))
            .Order()
            .ToArray();
        Assert.Equal(
            [
                ("delete /api/signals", true), ("get /api/signals/envelopes", false), ("get /api/signals/events", false),
                ("get /api/signals/events/{event_id}", false), ("get /api/signals/expectations", false), ("get /api/signals/issues", false),
                ("get /api/signals/summary", false), ("get /api/signals/transactions", false),
            ],
            operations);
    }

    // More than all socket buffers hold.
    private static void FillWithMegabytes(MockSreApp app)
    {
        for (var i = 0; i < 40; i++)
        {
            Add(app, new SentError { Message = new string('x', 1024 * 1024) });
        }
    }

    private static async Task EverySlotIsFreeAsync(ExportSlots slots)
    {
        for (var slot = 0; slot < ExportSlots.Count; slot++)
        {
            await Eventually.TrueAsync(slots.TryTake);
        }
    }

    // Requests the export, reads a little of it, and then stops reading.
    private static async Task<TcpClient> StallAsync(MockSreApp app)
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var reader = new TcpClient();
        await reader.ConnectAsync(address.Host, address.Port);
        await reader.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET /api/signals/envelopes HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
        await reader.GetStream().ReadExactlyAsync(new byte[100]);
        return reader;
    }

    private static SignalInbox Inbox(MockSreApp app) => app.Services.GetRequiredService<SignalInbox>();

    private static void Add(MockSreApp app, params SentSignal[] signals)
    {
        foreach (var signal in signals)
        {
            Inbox(app).Add(signal.Envelope(), SignalState.Local);
        }
    }

    private static string Raw(JsonElement json, string property) => json.GetProperty(property).GetRawText();

    private static async Task<string> HeldAndErrorsAsync(HttpClient http)
    {
        var summary = await http.GetJsonAsync("/api/signals/summary");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.GetProperty("inbox").GetProperty("held").GetInt32()} {summary.GetProperty("errors").GetInt64()}");
    }

    // Splits at empty lines, as awk does with an empty record separator.
    private static string[] Split(string export) => export.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
}
