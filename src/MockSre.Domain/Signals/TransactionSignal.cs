namespace MockSre.Domain.Signals;

/// <summary>A transaction: one request from its start to its end, with the spans inside it.</summary>
public sealed record TransactionSignal : Signal
{
    /// <summary>UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From start to end; never negative.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Such as <c>http.server</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Such as <c>ok</c>, <c>internal_error</c> or <c>not_found</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The answer's HTTP status code.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Database reads, from the measurement <c>db.reads</c>.</summary>
    public double? DatabaseReads { get; init; }

    /// <summary>The id of the transaction itself, which the outermost spans have as their parent.</summary>
    public string? SpanId { get; init; }

    /// <summary>In the order they came: the first <see cref="SignalReader.MaxSpans"/>.</summary>
    public IReadOnlyList<SignalSpan> Spans { get; init; } = [];

    /// <summary>How many spans came beyond <see cref="SignalReader.MaxSpans"/>.</summary>
    public int SpansLeftOut { get; init; }

    /// <summary>
    /// Whether it counts as failed: every status but <c>ok</c>, <c>cancelled</c> and <c>unknown</c>, which is also what no status means
    /// (https://docs.sentry.io/product/insights/overview/metrics/).
    /// </summary>
    public bool Failed => Status is not (null or "ok" or "cancelled" or "unknown");
}

/// <summary>A part of a transaction.</summary>
/// <param name="SpanId">Its id.</param>
/// <param name="ParentSpanId">The id of what it is a part of: a span, or the transaction itself.</param>
/// <param name="Operation">Such as <c>db.query</c>.</param>
/// <param name="Description">Such as the SQL.</param>
/// <param name="Status">As with a transaction; <c>deadline_exceeded</c> if it names no end.</param>
/// <param name="Started">UTC; that of the transaction if it names none.</param>
/// <param name="Duration">From start to end, or to the end of the transaction if it names none; zero if it names no start. Never negative.</param>
/// <param name="Data">At most <see cref="SignalReader.MaxEntries"/>.</param>
public sealed record SignalSpan(
    string? SpanId,
    string? ParentSpanId,
    string? Operation,
    string? Description,
    string? Status,
    DateTimeOffset Started,
    TimeSpan Duration,
    IReadOnlyDictionary<string, string> Data);
