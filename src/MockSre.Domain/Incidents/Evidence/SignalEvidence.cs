using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Signals;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>Errors of one kind.</summary>
/// <param name="Type">The exception type. Null for a message without an exception.</param>
/// <param name="Title">Type and message of the newest, in one line.</param>
/// <param name="ThrownFrom">The method that threw.</param>
/// <param name="FirstSeen">Time of the oldest, UTC.</param>
/// <param name="LastSeen">Time of the newest, UTC.</param>
/// <param name="Releases">Number of errors by release.</param>
/// <param name="LatestEventId">Event id of the newest.</param>
public sealed record IssueEvidence(
    string? Type,
    string Title,
    string? ThrownFrom,
    int Count,
    [property: JsonConverter(typeof(MillisecondTimeConverter))] DateTimeOffset FirstSeen,
    [property: JsonConverter(typeof(MillisecondTimeConverter))] DateTimeOffset LastSeen,
    IReadOnlyDictionary<string, int> Releases,
    string? LatestEventId) : EvidenceItem(EvidenceKind.Signal, $"signal:issue:{Type}");

public abstract record SignalEvidence : EvidenceItem
{
    private readonly Signal _signal;

    private protected SignalEvidence(Signal signal, bool hasTags)
        : base(EvidenceKind.Signal, $"signal:event:{signal.EventId}")
    {
        _signal = signal;
        Tags = hasTags ? signal.Tags : null;
    }

    /// <summary>Its id in Sentry.</summary>
    public string? EventId => _signal.EventId;

    /// <summary>When it happened, UTC.</summary>
    [JsonConverter(typeof(MillisecondTimeConverter))]
    public DateTimeOffset At => _signal.At;

    public string? Release => _signal.Release;
    public string? TraceId => _signal.TraceId;

    /// <summary>What happened before, oldest first.</summary>
    public IReadOnlyList<SignalBreadcrumb> Breadcrumbs => _signal.Breadcrumbs;

    /// <summary>Tags by name. Absent in a blind run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Tags { get; }
}

public sealed record ErrorEvidence : SignalEvidence
{
    internal ErrorEvidence(ErrorSignal error, bool hasTags)
        : base(error, hasTags)
    {
        Type = error.Type;
        Message = error.Message;
        ThrownFrom = error.ThrownFrom;

        // Without line numbers: the diffs are not those of the code that runs.
        Stack = [.. error.Frames.Where(frame => frame.InApp).Select(frame => new Frame(frame.Function, frame.File))];
    }

    /// <summary>The exception type. Null for a message without an exception.</summary>
    public string? Type { get; }

    public string? Message { get; }

    /// <summary>The method that threw.</summary>
    public string? ThrownFrom { get; }

    /// <summary>The stack frames of the service's own code.</summary>
    public IReadOnlyList<Frame> Stack { get; }

    public sealed record Frame(string? Function, string? File);
}

public sealed record TransactionEvidence : SignalEvidence
{
    internal TransactionEvidence(TransactionSignal transaction, bool hasTags)
        : base(transaction, hasTags)
    {
        Transaction = transaction.Transaction;
        DurationMs = Milliseconds(transaction.Duration);
        Status = transaction.HttpStatus;
        Spans =
        [
            .. SpanTree.Of(transaction).Select(node => new Span(
                node.Span.Operation, node.Span.Description, node.Span.Status, node.Depth, Milliseconds(node.Offset),
                Milliseconds(node.Span.Duration), node.Span.Data)),
        ];
    }

    public string? Transaction { get; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double DurationMs { get; }

    /// <summary>The HTTP status of the answer.</summary>
    public int? Status { get; }

    /// <summary>Its spans, each before those inside it.</summary>
    public IReadOnlyList<Span> Spans { get; }

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 1);

    /// <summary>A step of a transaction.</summary>
    /// <param name="Operation">The kind of step.</param>
    /// <param name="Description">What it did.</param>
    /// <param name="Status">How it ended.</param>
    /// <param name="Depth">Number of spans around it.</param>
    /// <param name="OffsetMs">Its start after the start of the transaction, in milliseconds.</param>
    /// <param name="DurationMs">How long it took, in milliseconds.</param>
    /// <param name="Data">Further facts by name.</param>
    public sealed record Span(
        string? Operation, string? Description, string? Status, int Depth, double OffsetMs, double DurationMs,
        IReadOnlyDictionary<string, string> Data);
}
