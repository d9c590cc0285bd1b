namespace MockSre.Domain.Signals;

/// <summary>A transaction: one request with its spans.</summary>
public sealed record TransactionSignal : Signal
{
    public required DateTimeOffset Started { get; init; }

    /// <summary>Never negative.</summary>
    public required TimeSpan Duration { get; init; }

    public string? Operation { get; init; }

    /// <summary>Such as <c>ok</c>, <c>internal_error</c> or <c>not_found</c>.</summary>
    public string? Status { get; init; }

    public int? HttpStatus { get; init; }
    public double? DatabaseReads { get; init; }

    /// <summary>The id of the transaction itself. It is the parent of the outermost spans.</summary>
    public string? SpanId { get; init; }

    /// <summary>In the order of the event: the first <see cref="SignalReader.MaxSpans"/>.</summary>
    public IReadOnlyList<SignalSpan> Spans { get; init; } = [];

    public int SpansLeftOut { get; init; }

    /// <summary>Whether Sentry counts it as failed: any status except <c>ok</c>, <c>cancelled</c>, <c>unknown</c> and none.</summary>
    /// <remarks>https://docs.sentry.io/product/insights/overview/metrics/</remarks>
    public bool Failed => Status is not (null or "ok" or "cancelled" or "unknown");
}

/// <param name="ParentSpanId">The id of the outer span or of the transaction.</param>
/// <param name="Status">As in a transaction; <c>deadline_exceeded</c> for a span without an end.</param>
/// <param name="Started">UTC; the transaction's start for a span without a start.</param>
/// <param name="Duration">Never negative; zero for a span without a start. A span without an end lasts as long as the transaction.</param>
/// <param name="Data">At most <see cref="SignalReader.MaxEntries"/>.</param>
public sealed record SignalSpan(
    string? SpanId, string? ParentSpanId, string? Operation, string? Description, string? Status, DateTimeOffset Started,
    TimeSpan Duration, IReadOnlyDictionary<string, string> Data);
