namespace MockSre.Domain.Signals;

/// <summary>Reads errors and transactions from the items of an envelope. No input makes it throw.</summary>
public static class SignalReader
{
    /// <summary>The SDK sends no more spans either.</summary>
    public const int MaxSpans = 1000;

    public const int MaxFrames = 250;

    /// <summary>The limit of breadcrumbs, of tags, and of the data of a breadcrumb or a span.</summary>
    public const int MaxEntries = 100;

    /// <param name="receivedAt">The time of an error without a timestamp, as in Sentry.</param>
    /// <returns>False for other items, for invalid JSON, and for a transaction without start or end, which Sentry refuses too.</returns>
    public static bool TryRead(EnvelopeItem item, DateTimeOffset receivedAt, [NotNullWhen(true)] out Signal? signal)
    {
        using var document = item.Type is "event" or "transaction" ? LenientJson.Parse(item.Payload) : null;
        signal = document?.RootElement is not { ValueKind: JsonValueKind.Object } json ? null
            : item.Type == "event" ? Error(json, receivedAt)
            : Transaction(json);
        return signal is not null;
    }

    private static ErrorSignal Error(JsonElement json, DateTimeOffset receivedAt)
    {
        var exception = json.Field("exception").Objects().Select(value => (JsonElement?)value).LastOrDefault();
        var frames = exception?.Field("stacktrace", "frames").Objects().TakeLast(MaxFrames).Reverse().Select(Frame).ToArray() ?? [];
        return Common(json, new ErrorSignal
        {
            At = (json.Field("timestamp").Time() ?? receivedAt).ToUniversalTime(),
            Type = exception?.Field("type").Text(),
            Message = exception is null ? Message(json) : exception.Value.Field("value").Text(),
            Level = json.Field("level").Text(),
            Handled = exception?.Field("mechanism", "handled").Flag(),
            ThrownFrom = SignalFrame.ThrowingMethod(frames),
            Numbers = json.Field("contexts", SignalNames.TimeoutContext).Texts(MaxEntries),
            Frames = frames,
        });
    }

    private static TransactionSignal? Transaction(JsonElement json)
    {
        if (json.Field("start_timestamp").Time() is not { } started || json.Field("timestamp").Time() is not { } ended)
        {
            return null;
        }

        var spans = json.Field("spans").Objects();
        return Common(json, new TransactionSignal
        {
            At = ended,
            Started = started,
            Duration = Between(started, ended),
            Operation = json.Field("contexts", "trace", "op").Text(),
            Status = json.Field("contexts", "trace", "status").Text(),
            HttpStatus = json.Field("contexts", "trace", "data", "http.response.status_code").Whole()
                ?? json.Field("extra", "http.response.status_code").Whole()
                ?? json.Field("contexts", "response", "status_code").Whole(),
            DatabaseReads = json.Field("measurements", SignalNames.DatabaseReads, "value").Number(),
            SpanId = json.Field("contexts", "trace", "span_id").Text(),
            Spans = [.. spans.Take(MaxSpans).Select(span => Span(span, started, ended))],
            SpansLeftOut = spans.Skip(MaxSpans).Count(),
        });
    }

    private static T Common<T>(JsonElement json, T signal)
        where T : Signal => signal with
        {
            EventId = EventIds.Read(json.Field("event_id").Text()),
            TraceId = json.Field("contexts", "trace", "trace_id").Text(),
            Release = json.Field("release").Text(),
            Environment = json.Field("environment").Text(),
            Transaction = json.Field("transaction").Text(),
            Tags = json.Field("tags").Texts(MaxEntries),
            Deployment = json.Field("contexts", SignalNames.DeploymentContext, SignalNames.DeploymentNumber).Whole(),
            Breadcrumbs = [.. json.Field("breadcrumbs").Objects().TakeLast(MaxEntries).Select(Breadcrumb)],
        };

    private static string? Message(JsonElement json) =>
        json.Field("logentry", "formatted").Text() ?? json.Field("logentry", "message").Text() ?? json.Field("message").Text();

    private static SignalFrame Frame(JsonElement json) => new(
        json.Field("function").Text(), json.Field("abs_path").Text() ?? json.Field("filename").Text(),
        json.Field("lineno").Whole(), json.Field("in_app").Flag() ?? false);

    private static SignalBreadcrumb Breadcrumb(JsonElement json) => new(
        json.Field("timestamp").Time(), json.Field("category").Text(), json.Field("message").Text(), json.Field("level").Text(),
        json.Field("data").Texts(MaxEntries));

    // Sentry ends a span without an end in the same way: https://github.com/getsentry/relay/pull/1690
    private static SignalSpan Span(JsonElement json, DateTimeOffset transactionStarted, DateTimeOffset transactionEnded)
    {
        var started = json.Field("start_timestamp").Time();
        var ended = json.Field("timestamp").Time();
        return new SignalSpan(
            json.Field("span_id").Text(),
            json.Field("parent_span_id").Text(),
            json.Field("op").Text(),
            json.Field("description").Text(),
            ended is null ? "deadline_exceeded" : json.Field("status").Text(),
            started ?? transactionStarted,
            started is null ? TimeSpan.Zero : Between(started.Value, ended ?? transactionEnded),
            json.Field("data").Texts(MaxEntries));
    }

    // The clock can be set back during a request.
    private static TimeSpan Between(DateTimeOffset started, DateTimeOffset ended) => ended > started ? ended - started : TimeSpan.Zero;
}
