using System.Text.Json.Serialization;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>A line of the log.</summary>
public sealed record LogEvidence : EvidenceItem
{
    internal LogEvidence(long number, IncidentEvent.Logged line)
        : base(EvidenceKind.Log, IdOf($"log:{number}"))
    {
        At = line.At;
        Level = line.Level;
        Logger = line.Logger;
        Message = line.Message;
        TraceId = line.TraceId;
        Release = line.Release;
        Path = line.Path;
        Status = line.Status;
        DurationMs = line.DurationMs;
    }

    /// <summary>When it was written, UTC.</summary>
    [JsonConverter(typeof(MillisecondTimeConverter))]
    public DateTimeOffset At { get; }

    /// <summary>The severity.</summary>
    public LogSeverity Level { get; }

    /// <summary>The component that wrote it.</summary>
    public string Logger { get; }

    /// <summary>The message.</summary>
    public string Message { get; }

    /// <summary>The trace that it belongs to. Null for none.</summary>
    public string? TraceId { get; }

    /// <summary>The release that wrote it.</summary>
    public string Release { get; }

    /// <summary>The path of the request. Null outside a request.</summary>
    public string? Path { get; }

    /// <summary>The HTTP status of the answer. Null before the answer.</summary>
    public int? Status { get; }

    /// <summary>How long the request took, in milliseconds. Null before the answer.</summary>
    public double? DurationMs { get; }
}
