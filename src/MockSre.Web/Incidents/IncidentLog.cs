using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace MockSre.Web.Incidents;

/// <summary>
/// Logs trouble with incident runs. Trouble that lasts gets a line at its begin, one a minute, and one at its end. Database and file errors
/// are logged without a stack trace.
/// </summary>
internal sealed partial class IncidentLog(TimeProvider time, ILogger logger) : IIncidentLog
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Trouble _keeping = new();
    private readonly Trouble _leftOpen = new();

    public void NotKept(Exception exception, int waiting)
    {
        if (Begin(_keeping))
        {
            LogNotKept(logger, ReasonOf(exception), waiting, StackOf(exception));
        }
    }

    public void Kept(int lines, int signals)
    {
        if (End(_keeping))
        {
            LogKept(logger, lines, signals);
        }
    }

    public void PageFailed(Exception exception) => LogPageFailed(logger, ReasonOf(exception), StackOf(exception));

    public void ImportFull(int rows) => LogImportFull(logger, rows);

    public void LeftOpen(Exception exception)
    {
        if (Begin(_leftOpen))
        {
            LogLeftOpen(logger, ReasonOf(exception), StackOf(exception));
        }
    }

    public void NoneLeftOpen() => End(_leftOpen);

    public void NotBegun(Exception exception) => LogNotBegun(logger, ReasonOf(exception), StackOf(exception));

    public void NotScored(Exception exception) => LogNotScored(logger, ReasonOf(exception), StackOf(exception));

    public void NotRestored(Exception exception) => LogNotRestored(logger, ReasonOf(exception), StackOf(exception));

    private static string ReasonOf(Exception exception) => exception.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static Exception? StackOf(Exception exception) =>
        exception is DbException or DbUpdateException or IOException ? null : exception;

    // Trouble that returns within the pause gets no new line: a disk that is full again and again must not fill the log.
    private bool Begin(Trouble trouble)
    {
        lock (_gate)
        {
            if (trouble.LoggedAt is { } at && time.GetElapsedTime(at) < Pause)
            {
                return false;
            }

            (trouble.LoggedAt, trouble.IsOpen) = (time.GetTimestamp(), true);
            return true;
        }
    }

    private bool End(Trouble trouble)
    {
        lock (_gate)
        {
            var wasOpen = trouble.IsOpen;
            trouble.IsOpen = false;
            return wasOpen;
        }
    }

    [LoggerMessage(
        LogLevel.Error, "The incident run cannot be written to its database: {Reason}. It goes on; {Waiting} events wait in memory")]
    private static partial void LogNotKept(ILogger logger, string reason, int waiting, Exception? exception);

    [LoggerMessage(
        LogLevel.Information,
        "The incident run is written to its database again; {Lines} log lines and {Signals} signals were dropped")]
    private static partial void LogKept(ILogger logger, int lines, int signals);

    [LoggerMessage(LogLevel.Error, "The alert of the incident run could not be posted: {Reason}")]
    private static partial void LogPageFailed(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Warning, "The import of the incident run has added {Rows} rows, its limit, and has ended")]
    private static partial void LogImportFull(ILogger logger, int rows);

    [LoggerMessage(LogLevel.Error, "An incident run that another process left open cannot be closed: {Reason}")]
    private static partial void LogLeftOpen(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Error, "The incident run could not begin: {Reason}")]
    private static partial void LogNotBegun(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Error, "The incident run could not be scored: {Reason}")]
    private static partial void LogNotScored(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Error, "The service could not be taken back to where it was before the incident run: {Reason}")]
    private static partial void LogNotRestored(ILogger logger, string reason, Exception? exception);

    private sealed class Trouble
    {
        public long? LoggedAt { get; set; }

        /// <summary>Whether the begin was logged, and the end was not.</summary>
        public bool IsOpen { get; set; }
    }
}
