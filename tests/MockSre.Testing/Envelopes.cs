using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using MockSre.Domain.Signals;

namespace MockSre.Testing;

/// <summary>Envelopes in the shape that Sentry.AspNetCore 6.12.1 serialises them in.</summary>
public static class Envelopes
{
    public const string EventId = "1ed564620c474626a29a65dd9753dc3d";
    public const string TraceId = "abd6592f7d55426d826f28e87bd736db";
    public const string RootSpan = "b2862855f2804598";

    public const long Deployment = 7;

    public static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-03-12T10:00:01.5104013Z", null);

    public static JsonNode Error() => JsonNode.Parse("""
        {"event_id":"1ed564620c474626a29a65dd9753dc3d","timestamp":"2026-03-12T10:00:01.5104013+00:00",
        "platform":"csharp","server_name":"mocksre","release":"d40f3b2","exception":{"values":[
          {"type":"System.IO.IOException","value":"inner","module":"System.Private.CoreLib","thread_id":8,"stacktrace":{"frames":[
            {"filename":"Inner.cs","function":"void Inner.Throw()","lineno":3,"in_app":true}]},
          "mechanism":{"type":"chained","handled":true}},
          {"type":"MockSre.Domain.Profiles.PoolTimeoutException","value":"no connection was free within 1 s",
          "module":"MockSre.Domain, Version=1.0.0.0","thread_id":8,"stacktrace":{"frames":[
            {"function":"async Task EndpointMiddleware.Invoke(HttpContext httpContext)\u002BAwaitRequestTask(?)","in_app":false,
             "package":"Microsoft.AspNetCore.Routing, Version=10.0.0.0",
             "instruction_addr":"0x5e","addr_mode":"rel:2","function_id":"0x605"},
            {"filename":"ProfileService.cs",
             "function":"async Task\u003CUserProfile\u003E ProfileService.ReadAsync(int userId, CancellationToken cancellationToken)",
             "lineno":61,"colno":13,"abs_path":"/src/MockSre.Domain/Profiles/ProfileService.cs","in_app":true},
            {"filename":"ConnectionPool.cs",
             "function":"async ValueTask\u003CConnectionLease\u003E ConnectionPool.AcquireAsync(ARGUMENTS)",
             "lineno":142,"colno":9,"abs_path":"/src/MockSre.Domain/Profiles/ConnectionPool.cs","in_app":true},
            {"function":"static void ThrowHelper.Throw()","in_app":false}]},
          "mechanism":{"type":"ProfileRequests","handled":false,"data":{"HResult":"0x80131505"}}}]},
        "level":"error","transaction":"GET /api/users/profile/{user_id}",
        "request":{"url":"http://127.0.0.1:8000/api/users/profile/3","method":"GET"},
        "contexts":{"deployment":{"number":7},"timeout":{"waited_ms":1000,"pool.waiting":8},
          "trace":{"type":"trace","span_id":"b2862855f2804598","trace_id":"abd6592f7d55426d826f28e87bd736db","origin":"manual"}},
        "user":{"id":"9681b009-c86d-4ee0-9c18-9aaab9de3111"},"environment":"demo",
        "breadcrumbs":[{"timestamp":"2026-03-12T10:00:00.369Z","message":"Cache bypassed","data":{"x":"1"},"category":"cache"},
          {"timestamp":"2026-03-12T10:00:01.508Z","message":"late","category":"Exception","level":"fatal"}],
        "tags":{"demo_scenario":"incident_b","failure_mode":"combined"},
        "debug_meta":{"images":[{"type":"pe_dotnet","debug_id":"20944f6b-79e9-4d20-b940-3f2aab43ad01-f2fa5176"}]}}
        """.Replace("ARGUMENTS", "string owner, TimeSpan waitLimit, CancellationToken cancellationToken", StringComparison.Ordinal))!;

    public static JsonNode Transaction() => JsonNode.Parse("""
        {"type":"transaction","event_id":"8c64a826abaf4e439c6f8cb913b852c1","platform":"csharp","release":"d40f3b2",
        "transaction":"GET /api/users/profile/{user_id}","transaction_info":{"source":"route"},
        "start_timestamp":"2026-03-12T10:00:00.5104000+00:00","timestamp":"2026-03-12T10:00:01.5104013+00:00",
        "contexts":{"deployment":{"number":7},
          "trace":{"type":"trace","span_id":"b2862855f2804598","trace_id":"abd6592f7d55426d826f28e87bd736db","op":"http.server",
          "origin":"auto.http.aspnetcore","status":"internal_error","data":{"http.response.status_code":500,"http.request.method":"GET"}}},
        "environment":"demo","breadcrumbs":[{"timestamp":"2026-03-12T10:00:00.6Z","message":"Cache bypassed","category":"cache"}],
        "tags":{"demo_scenario":"incident_b","failure_mode":"combined"},
        "spans":[{"span_id":"c2c82c705a7020bc","parent_span_id":"b2862855f2804598","trace_id":"abd6592f7d55426d826f28e87bd736db",
          "op":"db.pool.wait","description":"Wait for a connection","status":"deadline_exceeded",
          "start_timestamp":"2026-03-12T10:00:00.6104+00:00",
          "timestamp":"2026-03-12T10:00:01.5+00:00","data":{"pool.limit":2}}],
        "measurements":{"db.reads":{"value":0}}}
        """)!;

    /// <summary>An error with an id made from the number, for tests that need many.</summary>
    public static JsonNode Error(int number)
    {
        var error = Error();
        error["event_id"] = Id(number);
        return error;
    }

    public static string Id(int number) => number.ToString("x32");

    public static byte[] Of(string type, JsonNode payload) => Of(type, payload.ToJsonString(), payload["event_id"]?.GetValue<string>());

    public static byte[] Of(string type, string payload, string? eventId = null)
    {
        var header = eventId is null ? "{}" : $$"""{"sdk":{"name":"sentry.dotnet","version":"6.12.1"},"event_id":"{{eventId}}"}""";
        return Utf8($$"""
            {{header}}
            {"type":"{{type}}","length":{{Encoding.UTF8.GetByteCount(payload)}}}
            {{payload}}

            """);
    }

    /// <summary>An envelope with one attachment, of the given size in bytes.</summary>
    public static byte[] OfSize(int bytes)
    {
        var start = Utf8("{}\n{\"type\":\"attachment\"}\n");
        return [.. start, .. Enumerable.Repeat((byte)'x', bytes - start.Length)];
    }

    public static EnvelopeItem Item(string type, string payload) => new(type, Utf8(payload));

    public static T Read<T>(JsonNode payload)
        where T : Signal
    {
        var type = typeof(T) == typeof(ErrorSignal) ? "event" : "transaction";
        Assert.True(SignalReader.TryRead(Item(type, payload.ToJsonString()), At, out var signal));
        return Assert.IsType<T>(signal);
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gzip(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    public static byte[] GzipOfZeros(int megabytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < megabytes; i++)
            {
                gzip.Write(zeros);
            }
        }

        return packed.ToArray();
    }
}
