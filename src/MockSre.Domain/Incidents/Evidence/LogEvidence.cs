using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <param name="Logger">The component that wrote the line.</param>
/// <param name="Path">The path of the request. Null outside a request.</param>
/// <param name="Status">The HTTP status of the answer. Null before the answer.</param>
/// <param name="DurationMs">The duration of the request in milliseconds. Null before the answer.</param>
public sealed record LogEvidence(
    [property: JsonIgnore] long Number,
    [property: JsonConverter(typeof(MillisecondTimeConverter))] DateTimeOffset At,
    LogSeverity Level,
    string Logger,
    string Message,
    string? TraceId,
    string Release,
    string? Path,
    int? Status,
    double? DurationMs) : EvidenceItem(EvidenceKind.Log, IdOf($"log:{Number}"))
{
    internal static LogEvidence Of(long number, IncidentEvent.Logged line) => new(
        number, line.At, line.Level, line.Logger, line.Message, line.TraceId, line.Release, line.Path, line.Status, line.DurationMs);
}
