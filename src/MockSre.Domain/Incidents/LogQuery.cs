using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;

namespace MockSre.Domain.Incidents;

/// <summary>Chooses lines of a run's log, newest first. Null does not restrict them.</summary>
/// <param name="Limit">The most lines, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Before">The number of a line. Only older lines are listed.</param>
/// <param name="Release">At least the first digits of a release.</param>
public sealed record LogQuery(int Limit, long Before, string? TraceId, LogSeverity? Level, string? Release)
{
    public const int MaxLimit = 500;
    public const int DefaultLimit = 100;

    /// <summary>Hexadecimal digits of a trace id, as in W3C Trace Context.</summary>
    private const int TraceIdDigits = 32;

    /// <exception cref="RefusedException">A value is not allowed.</exception>
    public static LogQuery Parse(string? limit, string? before, string? traceId, string? level, string? release)
    {
        var most = DefaultLimit;
        RefusedException.Require(
            limit is null
            || (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= MaxLimit),
            $"limit is a whole number from 1 to {MaxLimit}.");
        var first = long.MaxValue;
        RefusedException.Require(
            before is null || long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out first),
            "before is the number of a line.");
        LogSeverity severity = default;
        RefusedException.Require(
            level is null || IncidentWords.TryParse(level, out severity), $"level is one of {IncidentWords.List<LogSeverity>()}.");
        RefusedException.Require(
            traceId is null || (traceId.Length == TraceIdDigits && traceId.All(char.IsAsciiHexDigit)),
            $"trace_id has {TraceIdDigits} hexadecimal digits.");
        return new LogQuery(most, first, traceId, level is null ? null : severity, release);
    }
}

/// <param name="HasOlder">Whether the log has older lines that match.</param>
public sealed record LogPage(IReadOnlyList<LogEvidence> Lines, bool HasOlder);
