using System.Text.Json.Serialization;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

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

    public LogSeverity Level { get; }

    /// <summary>The component that wrote it.</summary>
    public string Logger { get; }

    public string Message { get; }

    public string? TraceId { get; }

    public string Release { get; }

    /// <summary>The path of the request. Null outside a request.</summary>
    public string? Path { get; }

    /// <summary>The HTTP status of the answer. Null before the answer.</summary>
    public int? Status { get; }

    /// <summary>How long the request took, in milliseconds. Null before the answer.</summary>
    public double? DurationMs { get; }
}
