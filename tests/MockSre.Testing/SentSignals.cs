using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Signals;

namespace MockSre.Testing;

/// <summary>A signal of a profile request, in the form in which the SDK sends it to Sentry.</summary>
public abstract record SentSignal
{
    public static readonly DateTimeOffset Start = new(2026, 3, 12, 10, 0, 0, TimeSpan.Zero);

    /// <summary>32 hex digits; null for a new id.</summary>
    public string? EventId { get; init; }

    /// <summary>The number of the deployment that served the request; null for a signal without one.</summary>
    public long? Deployment { get; init; }

    /// <summary>The failure mode, as a tag.</summary>
    public string? Mode { get; init; }

    public string Release { get; init; } = "d40f3b2";

    public string Transaction { get; init; } = "GET /api/users/profile/{user_id}";

    /// <summary>When the transaction began or the error happened.</summary>
    public DateTimeOffset At { get; init; } = Start;

    public IReadOnlyList<string> Breadcrumbs { get; init; } = [];

    private protected abstract string Type { get; }

    public static string Id(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The whole envelope. It ends with a newline, as <c>SerializeAsync</c> writes it.</summary>
    public byte[] Envelope()
    {
        var id = EventId ?? Guid.NewGuid().ToString("N");
        var trace = $$$"""{"trace_id":"{{{Envelopes.TraceId}}}","public_key":"inbox","release":"mocksre"}""";
        return Envelopes.Utf8(
            $$$"""
            {"sdk":{"name":"sentry.dotnet","version":"6.12.1"},"event_id":"{{{id}}}","trace":{{{trace}}}}
            {"type":"{{{Type}}}","length":{{{Payload(id).Length}}}}
            {{{Payload(id)}}}

            """);
    }

    /// <summary>The payload, in ASCII, so that its length is also its size in bytes.</summary>
    public string Payload(string id)
    {
        var payload = new JsonObject
        {
            ["event_id"] = id,
            ["platform"] = "csharp",
            ["release"] = Release,
            ["environment"] = "demo",
            ["transaction"] = Transaction,
            ["breadcrumbs"] = new JsonArray([.. Breadcrumbs.Select(Breadcrumb)]),
            ["tags"] = new JsonObject(),
        };
        if (Mode is not null)
        {
            payload["tags"] = new JsonObject { [SignalNames.ScenarioTag] = SignalNames.Scenario, [SignalNames.ModeTag] = Mode };
        }

        var contexts = new JsonObject { ["trace"] = new JsonObject { ["trace_id"] = Envelopes.TraceId, ["span_id"] = Envelopes.RootSpan } };
        if (Deployment is { } number)
        {
            contexts[SignalNames.DeploymentContext] = new JsonObject
            {
                [SignalNames.DeploymentNumber] = number,
            };
        }

        payload["contexts"] = contexts;
        Fill(payload, contexts);
        return payload.ToJsonString();

        static JsonObject Breadcrumb(string message) => new() { ["message"] = message, ["category"] = "cache" };
    }

    private protected static string Time(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private protected abstract void Fill(JsonObject payload, JsonObject contexts);
}

public sealed record SentError : SentSignal
{
    public string ExceptionType { get; init; } = "MockSre.Domain.Profiles.PoolTimeoutException";

    public string Message { get; init; } = "No database connection became free in time";

    /// <summary>The length of the queue when the wait ended; null for an error without it.</summary>
    public int? Waiting { get; init; }

    public string Method { get; init; } = "async ValueTask ConnectionPool.AcquireAsync(CancellationToken cancellationToken)";

    private protected override string Type => "event";

    private protected override void Fill(JsonObject payload, JsonObject contexts)
    {
        payload["timestamp"] = Time(At);
        payload["level"] = "error";
        if (Waiting is { } waiting)
        {
            contexts[SignalNames.TimeoutContext] = new JsonObject { [SignalNames.PoolWaiting] = waiting };
        }

        payload["exception"] = new JsonObject
        {
            ["values"] = new JsonArray(new JsonObject
            {
                ["type"] = ExceptionType,
                ["value"] = Message,
                ["stacktrace"] = new JsonObject { ["frames"] = new JsonArray(new JsonObject { ["function"] = Method, ["in_app"] = true }) },
                ["mechanism"] = new JsonObject { ["type"] = "ProfileRequests", ["handled"] = false },
            }),
        };
    }
}

public sealed record SentTransaction : SentSignal
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromMilliseconds(5);

    public int HttpStatus { get; init; } = 200;

    public int DatabaseReads { get; init; }

    public IReadOnlyList<SentSpan> Spans { get; init; } = [];

    private protected override string Type => "transaction";

    private protected override void Fill(JsonObject payload, JsonObject contexts)
    {
        payload["type"] = "transaction";
        payload["start_timestamp"] = Time(At);
        payload["timestamp"] = Time(At + Duration);
        payload["measurements"] = new JsonObject { [SignalNames.DatabaseReads] = new JsonObject { ["value"] = DatabaseReads } };
        payload["spans"] = new JsonArray([.. Spans.Select(span => span.Json(At))]);
        var trace = contexts["trace"]!.AsObject();
        trace["op"] = "http.server";
        trace["status"] = HttpStatus switch { 200 => "ok", 404 => "not_found", _ => "internal_error" };
        trace["data"] = new JsonObject { ["http.response.status_code"] = HttpStatus };
    }
}

/// <param name="Offset">From the start of the transaction.</param>
public sealed record SentSpan(string Operation, string Description, TimeSpan Duration, TimeSpan Offset = default)
{
    public string SpanId { get; init; } = Guid.NewGuid().ToString("N")[..16];

    public string Parent { get; init; } = Envelopes.RootSpan;

    public JsonObject Json(DateTimeOffset transactionStarted) => new()
    {
        ["span_id"] = SpanId,
        ["parent_span_id"] = Parent,
        ["op"] = Operation,
        ["description"] = Description,
        ["status"] = "ok",
        ["start_timestamp"] = (transactionStarted + Offset).ToString("O", CultureInfo.InvariantCulture),
        ["timestamp"] = (transactionStarted + Offset + Duration).ToString("O", CultureInfo.InvariantCulture),
    };
}

/// <summary>The SDK's report of signals that it did not send.</summary>
public static class SentReport
{
    public static byte[] Of(string reason, string category, long quantity) =>
        Envelopes.Of("client_report", JsonSerializer.Serialize(new { discarded_events = new[] { new { reason, category, quantity } } }));
}
