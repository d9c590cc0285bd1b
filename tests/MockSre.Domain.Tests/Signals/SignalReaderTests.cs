using System.Text.Json.Nodes;
using MockSre.Domain.Signals;
using static MockSre.Testing.Envelopes;

namespace MockSre.Domain.Tests.Signals;

public sealed class SignalReaderTests
{
    [Fact]
    public void TryRead_AnErrorOfTheSdk_IsReadFromItsOutermostException()
    {
        var error = Read<ErrorSignal>(Error());

        Assert.Equal((EventId, At, TraceId, "d40f3b2", "demo", "GET /api/users/profile/{user_id}"),
            (error.EventId, error.At, error.TraceId, error.Release, error.Environment, error.Transaction));
        Assert.Equal((TimeSpan.Zero, Deployment), (error.At.Offset, error.Deployment));
        Assert.Equal("MockSre.Domain.Profiles.PoolTimeoutException", error.Type);
        Assert.Equal("PoolTimeoutException", error.ShortType);
        Assert.Equal(("no connection was free within 1 s", "error", false), (error.Message, error.Level, error.Handled));
        Assert.Equal("ConnectionPool.AcquireAsync", error.ThrownFrom);
        Assert.Equal([("waited_ms", "1000"), ("pool.waiting", "8")], error.Numbers.Select(number => (number.Key, number.Value)));
        Assert.Equal([("demo_scenario", "incident_b"), ("failure_mode", "combined")], error.Tags.Select(tag => (tag.Key, tag.Value)));
        Assert.Equal(
            [
                "static void ThrowHelper.Throw()",
                "/src/MockSre.Domain/Profiles/ConnectionPool.cs:142",
                "/src/MockSre.Domain/Profiles/ProfileService.cs:61",
            ],
            error.Frames.Take(3).Select(frame => frame.InApp ? $"{frame.File}:{frame.Line}" : frame.Function));
        Assert.Equal((null, null, false), (error.Frames[3].File, error.Frames[3].Line, error.Frames[3].InApp));
        Assert.Equal([("cache", "Cache bypassed", null), ("Exception", "late", "fatal")],
            error.Breadcrumbs.Select(crumb => (crumb.Category, crumb.Message, crumb.Level)));
        Assert.Equal(
            (new DateTimeOffset(2026, 3, 12, 10, 0, 0, 369, TimeSpan.Zero), "1"),
            (error.Breadcrumbs[0].At, error.Breadcrumbs[0].Data["x"]));
    }

    [Fact]
    public void TryRead_ATransactionOfTheSdk_IsReadWithItsSpans()
    {
        var transaction = Read<TransactionSignal>(Transaction());

        Assert.Equal(("8c64a826abaf4e439c6f8cb913b852c1", At, TraceId, "d40f3b2", "demo", "GET /api/users/profile/{user_id}"),
            (
                transaction.EventId,
                transaction.At,
                transaction.TraceId,
                transaction.Release,
                transaction.Environment,
                transaction.Transaction));
        Assert.Equal((At - TimeSpan.FromTicks(10_000_013), TimeSpan.FromTicks(10_000_013)), (transaction.Started, transaction.Duration));
        Assert.Equal(("http.server", "internal_error", 500, 0.0, RootSpan),
            (transaction.Operation, transaction.Status, transaction.HttpStatus, transaction.DatabaseReads, transaction.SpanId));
        Assert.True(transaction.Failed);
        Assert.Equal(("incident_b", Deployment), (transaction.Tags["demo_scenario"], transaction.Deployment));
        Assert.Equal("cache", Assert.Single(transaction.Breadcrumbs).Category);
        var span = Assert.Single(transaction.Spans);
        Assert.Equal(("c2c82c705a7020bc", RootSpan, "db.pool.wait", "Wait for a connection", "deadline_exceeded"),
            (span.SpanId, span.ParentSpanId, span.Operation, span.Description, span.Status));
        Assert.Equal(
            (transaction.Started + TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(889.6)), (span.Started, span.Duration));
        Assert.Equal("2", span.Data["pool.limit"]);
    }

    [Theory]
    [InlineData(
        "async ValueTask<ConnectionLease> ConnectionPool.AcquireAsync(string owner, TimeSpan waitLimit, CancellationToken stop)",
        "ConnectionPool.AcquireAsync")]
    [InlineData("async ValueTask<int> Thrower.AcquireAsync(string owner)", "Thrower.AcquireAsync")]
    [InlineData("void Foo.Bar()", "Foo.Bar")]
    [InlineData("Foo.Bar(int a)", "Foo.Bar")]
    [InlineData("static void ThrowHelper.Throw()", "ThrowHelper.Throw")]
    [InlineData(
        "async Task EndpointMiddleware.Invoke(HttpContext httpContext)+AwaitRequestTask(?)",
        "EndpointMiddleware.Invoke.AwaitRequestTask")]
    [InlineData(
        "async Task RequestDelegateFactory.ExecuteTaskOfString(Task<string> task, HttpContext httpContext)+ExecuteAwaited(?)",
        "RequestDelegateFactory.ExecuteTaskOfString.ExecuteAwaited")]
    [InlineData("T Foo.Bar(Func<int, (int a, string b)> f)+Local<T>(T x, (int, int) y)", "Foo.Bar.Local")]
    [InlineData("async Task Program.<Main>$(string[] args)+(?) => { }", "Program.Main")]
    [InlineData("void Foo.Bar(int a)+() => { } [2]", "Foo.Bar")]
    [InlineData("void Foo<T>.Bar<U>(List<T> a, U b)", "Foo.Bar")]
    [InlineData("Dictionary<string, List<int>> Foo<TKey, TValue>.Bar<U, V>(U u)", "Foo.Bar")]
    [InlineData("(int a, string b) Foo.Bar(int x)", "Foo.Bar")]
    [InlineData("async Task<(int a, string b)> Foo.Bar((int, int) x)", "Foo.Bar")]
    [InlineData("ref int[] Foo.Bar(ref int x)", "Foo.Bar")]
    [InlineData("new ConnectionPool(int limit, TimeSpan wait)", "new ConnectionPool")]
    [InlineData("new Foo<T>(T a)+(?) => { }", "new Foo")]
    [InlineData("static Foo()", "static Foo")]
    [InlineData("void Outer+Inner.Run()", "Outer.Inner.Run")]
    [InlineData("void <>c__DisplayClass0_0.<Run>b__0()", "Run")]
    [InlineData("void Foo.<Run>b__0(int a)", "Foo.Run")]
    [InlineData("void Foo`1.Run()", "Foo.Run")]
    [InlineData("string Foo.System.IFormattable.ToString(string format)", "Foo.System.IFormattable.ToString")]
    [InlineData("MoveNext", "MoveNext")]
    [InlineData("  Foo.Bar  ", "Foo.Bar")]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("()", null)]
    [InlineData("((((", null)]
    [InlineData("Foo<Bar(", "Foo")]
    [InlineData("Foo.Bar(int a", "Foo.Bar")]
    [InlineData("Foo.Bar(int a)+", "Foo.Bar")]
    [InlineData("Foo.Bar(int a)+Local", "Foo.Bar.Local")]
    public void ThrownFrom_FromTheFunctionsText_IsTypeAndMethod(string function, string? expected)
    {
        var error = Error();
        error["exception"]!["values"]![1]!["stacktrace"]!["frames"]![2]!["function"] = function;

        Assert.Equal(expected, Read<ErrorSignal>(error).ThrownFrom);
    }

    [Theory]
    [InlineData("""[]""", null)]
    [InlineData("""[{"function":"A.A()"},{"function":"B.B()"}]""", "B.B")]
    [InlineData("""[{"function":"A.A()","in_app":true},{"function":"B.B()","in_app":false}]""", "A.A")]
    [InlineData("""[{"function":"A.A()","in_app":true},{"function":"B.B()","in_app":true},{"function":"C.C()"},null,7]""", "B.B")]
    public void ThrownFrom_OfTheFrames_IsTheNewestInAppOrElseTheNewest(string frames, string? expected)
    {
        var error = Error();
        error["exception"]!["values"]![1]!["stacktrace"]!["frames"] = JsonNode.Parse(frames);

        Assert.Equal(expected, Read<ErrorSignal>(error).ThrownFrom);
    }

    [Theory]
    [InlineData("System.TimeoutException", "TimeoutException")]
    [InlineData("TypeError", "TypeError")]
    [InlineData("A.B.Outer+InnerException", "InnerException")]
    [InlineData("A.Fault`1[[System.String, System.Private.CoreLib]]", "Fault")]
    [InlineData("A.Fault<B.C>", "Fault")]
    [InlineData("A.", "A.")]
    public void ShortType_OfAType_HasNoNamespace(string type, string expected) =>
        Assert.Equal(expected, new ErrorSignal { At = At, Type = type }.ShortType);

    [Theory]
    [InlineData("""{"logentry":{"message":"Failed {what}","formatted":"Failed it"},"message":"other"}""", "Failed it")]
    [InlineData("""{"logentry":{"message":"Failed {what}"}}""", "Failed {what}")]
    [InlineData("""{"message":"Failed"}""", "Failed")]
    [InlineData("""{"exception":{"values":[]}}""", null)]
    public void TryRead_AnEventWithoutException_HasItsMessage(string json, string? expected)
    {
        var error = Read<ErrorSignal>(JsonNode.Parse(json)!);

        Assert.Equal((expected, null, null, null), (error.Message, error.Type, error.ShortType, error.ThrownFrom));
    }

    [Fact]
    public void TryRead_AnEmptyEvent_IsNullAndEmptyAndDatedWhenReceived()
    {
        Assert.True(SignalReader.TryRead(Item("event", "{}"), At.ToOffset(TimeSpan.FromHours(2)), out var signal));

        var error = Assert.IsType<ErrorSignal>(signal);
        Assert.Equal((At, TimeSpan.Zero), (error.At, error.At.Offset));
        Assert.Equal(
            (null, null, null, null, null, null),
            (error.EventId, error.TraceId, error.Release, error.Environment, error.Transaction, error.Deployment));
        Assert.Equal((null, null, null, null, null), (error.Type, error.Message, error.Level, error.Handled, error.ThrownFrom));
        Assert.Equal((0, 0, 0), (error.Tags.Count, error.Breadcrumbs.Count, error.Frames.Count));
    }

    [Fact]
    public void TryRead_ATransactionOfTimesAlone_IsNullAndEmpty()
    {
        var transaction = Read<TransactionSignal>(JsonNode.Parse("""{"start_timestamp":1,"timestamp":1.5,"spans":[{}]}""")!);

        Assert.Equal(
            (null, null, null, null, null),
            (transaction.Operation, transaction.Status, transaction.HttpStatus, transaction.DatabaseReads, transaction.SpanId));
        Assert.Equal((TimeSpan.FromSeconds(0.5), false), (transaction.Duration, transaction.Failed));
        var span = Assert.Single(transaction.Spans);
        Assert.Equal(
            (null, null, transaction.Started, TimeSpan.Zero, 0),
            (span.SpanId, span.ParentSpanId, span.Started, span.Duration, span.Data.Count));
    }

    [Fact]
    public void TryRead_ASpanWithoutEnd_LastsToTheTransactionsEnd()
    {
        var transaction = Transaction();
        transaction["spans"]![0]!.AsObject().Remove("timestamp");

        var read = Read<TransactionSignal>(transaction);
        Assert.Equal(("deadline_exceeded", read.At), (read.Spans[0].Status, read.Spans[0].Started + read.Spans[0].Duration));
    }

    [Theory]
    [InlineData("client_report", "{}")]
    [InlineData("Event", "{}")]
    [InlineData("event", "")]
    [InlineData("event", "{")]
    [InlineData("event", "[]")]
    [InlineData("event", "null")]
    [InlineData("transaction", "{}")]
    [InlineData("transaction", """{"start_timestamp":1}""")]
    [InlineData("transaction", """{"timestamp":1}""")]
    public void TryRead_WhatIsNoSignal_IsFalse(string type, string payload) =>
        Assert.False(SignalReader.TryRead(Item(type, payload), At, out _));

    [Theory]
    [InlineData("\"2026-03-12T10:00:01.5104013Z\"", "2026-03-12T10:00:01.5104013Z")]
    [InlineData("\"2026-03-12T12:30:01.51+02:30\"", "2026-03-12T10:00:01.51Z")]
    [InlineData("\"2026-03-12T10:00:01\"", "2026-03-12T10:00:01Z")]
    [InlineData("\"2026-03-12T10:00:01.123456789Z\"", "2026-03-12T10:00:01.1234567Z")]
    [InlineData("1773309601", "2026-03-12T10:00:01Z")]
    [InlineData("1773309601.5104013", "2026-03-12T10:00:01.5104013Z")]
    [InlineData("1.7733096015e9", "2026-03-12T10:00:01.5Z")]
    [InlineData("-62135596800", "0001-01-01T00:00:00Z")]
    [InlineData("253402300799", "9999-12-31T23:59:59Z")]
    [InlineData("253402300800", null)]
    [InlineData("1e300", null)]
    [InlineData("\"12:30\"", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("true", null)]
    public void TryRead_ATime_IsUtcFromIsoOrUnixSeconds(string json, string? expected)
    {
        var error = Error();
        error["breadcrumbs"]![0]!["timestamp"] = JsonNode.Parse(json);

        var since = Read<ErrorSignal>(error).Breadcrumbs[0].At;
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), since);
        Assert.True(since is null || since.Value.Offset == TimeSpan.Zero);
    }

    [Fact]
    public void TryRead_ATransactionThatEndsBeforeItStarts_TookNoTime()
    {
        var transaction = Transaction();
        transaction["timestamp"] = "2026-03-12T09:00:00Z";

        Assert.Equal(TimeSpan.Zero, Read<TransactionSignal>(transaction).Duration);
    }

    [Theory]
    [InlineData("ok", false)]
    [InlineData("cancelled", false)]
    [InlineData("unknown", false)]
    [InlineData(null, false)]
    [InlineData("internal_error", true)]
    [InlineData("deadline_exceeded", true)]
    [InlineData("not_found", true)]
    [InlineData("unknown_error", true)]
    public void Failed_ByStatus_IsAsSentryCounts(string? status, bool expected)
    {
        var transaction = Transaction();
        transaction["contexts"]!["trace"]!["status"] = status;

        Assert.Equal(expected, Read<TransactionSignal>(transaction).Failed);
    }

    [Theory]
    [InlineData("""{"contexts":{"trace":{"data":{"http.response.status_code":"404"}}}}""", 404)]
    [InlineData("""{"extra":{"http.response.status_code":503}}""", 503)]
    [InlineData("""{"contexts":{"response":{"status_code":201}}}""", 201)]
    [InlineData("""{"extra":{"http.response.status_code":{}}}""", null)]
    public void HttpStatus_WhereverItStands_IsFound(string json, int? expected)
    {
        var transaction = JsonNode.Parse(json)!;
        transaction["start_timestamp"] = 1;
        transaction["timestamp"] = 1;

        Assert.Equal(expected, Read<TransactionSignal>(transaction).HttpStatus);
    }

    [Theory]
    [InlineData("""{"a":"1","b":2,"c":true,"d":null,"e":{"x":[1]},"a":"3"}""", """a=3 b=2 c=true e={"x":[1]}""")]
    [InlineData("""[["a","1"],["b",2],["c"],"d",[null,"e"]]""", "a=1 b=2")]
    [InlineData("""{"\ud800aaaaaaaaaaaaa":"1","b":"\ud800","c":"3"}""", "c=3")]
    [InlineData("7", "")]
    public void TryRead_Tags_AreTextInEitherForm(string json, string expected)
    {
        Assert.True(SignalReader.TryRead(Item("event", $$"""{"tags":{{json}}}"""), At, out var signal));

        Assert.Equal(expected, string.Join(' ', signal.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
    }

    [Fact]
    public void TryRead_MoreThanIsKept_KeepsSoMuch()
    {
        var error = Error();
        error["exception"]!["values"]![1]!["stacktrace"]!["frames"] = Many(300, i => new JsonObject { ["function"] = $"F{i}" });
        error["breadcrumbs"] = Many(150, i => new JsonObject { ["message"] = $"{i}" });
        error["tags"] = new JsonObject(Enumerable.Range(0, 150).Select(i => KeyValuePair.Create($"t{i}", (JsonNode?)$"{i}")));
        var read = Read<ErrorSignal>(error);

        Assert.Equal((SignalReader.MaxFrames, "F299", "F50"), (read.Frames.Count, read.Frames[0].Function, read.Frames[^1].Function));
        Assert.Equal(
            (SignalReader.MaxEntries, "50", "149"), (read.Breadcrumbs.Count, read.Breadcrumbs[0].Message, read.Breadcrumbs[^1].Message));
        Assert.Equal(SignalReader.MaxEntries, read.Tags.Count);

        var transaction = Transaction();
        transaction["spans"] = Many(1007, i => new JsonObject { ["op"] = $"s{i}" });
        var spans = Read<TransactionSignal>(transaction);
        Assert.Equal((SignalReader.MaxSpans, "s999", 7), (spans.Spans.Count, spans.Spans[^1].Operation, spans.SpansLeftOut));
    }

    private static JsonArray Many(int count, Func<int, JsonNode> make) => new([.. Enumerable.Range(0, count).Select(make)]);
}
