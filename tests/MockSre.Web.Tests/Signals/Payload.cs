using System.Text.Json;

namespace MockSre.Web.Tests.Signals;

/// <summary>Reads members of signal payloads.</summary>
internal static class Payload
{
    public static string? Text(this JsonElement json, params string[] path)
    {
        foreach (var name in path)
        {
            if (!json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText();
    }

    public static string? Tag(this JsonElement payload, string name) => payload.Text("tags", name);

    public static string? Timeout(this JsonElement error, string number) => error.Text("contexts", "timeout", number);

    public static string? TraceId(this JsonElement payload) => payload.Text("contexts", "trace", "trace_id");

    public static double Reads(this JsonElement transaction) =>
        transaction.GetProperty("measurements").GetProperty("db.reads").GetProperty("value").GetDouble();

    public static (string? Status, string? Code) Outcome(this JsonElement transaction) =>
        (transaction.Text("contexts", "trace", "status"), transaction.Text("contexts", "trace", "data", "http.response.status_code"));

    public static string[] Breadcrumbs(this JsonElement payload) =>
        [.. payload.GetProperty("breadcrumbs").EnumerateArray().Select(crumb => crumb.Text("message") ?? "")];

    public static JsonElement[] Spans(this JsonElement transaction, string? operation = null) =>
        [.. transaction.GetProperty("spans").EnumerateArray().Where(span => operation is null || span.Text("op") == operation)];

    public static TimeSpan Duration(this JsonElement part) =>
        part.At("timestamp") - part.At("start_timestamp");

    public static DateTimeOffset At(this JsonElement part, string name) => part.GetProperty(name).GetDateTimeOffset();

    public static JsonElement Exception(this JsonElement error) =>
        error.GetProperty("exception").GetProperty("values").EnumerateArray().Last();

    public static JsonElement[] Frames(this JsonElement error) =>
        [.. error.Exception().GetProperty("stacktrace").GetProperty("frames").EnumerateArray()];
}
