using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Incidents.Running;

namespace MockSre.Web.Incidents;

/// <summary>
/// Logs trouble with incident runs. What fails again and again gets a line when it begins, one a minute while it lasts, and one when it is
/// over. Only an exception that no database explains comes with its stack trace.
/// </summary>
internal sealed partial class IncidentLog(TimeProvider time, ILogger logger) : IIncidentLog
{
    /// <summary>Between two lines about the same trouble.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Trouble _keeping = new();
    private readonly Trouble _leftOpen = new();

    public void NotKept(Exception exception, int waiting)
    {
        lock (_gate)
        {
            if (Begin(_keeping))
            {
                LogNotKept(logger, ReasonOf(exception), waiting, StackOf(exception));
            }
        }
    }

    public void Kept(int lines, int signals)
    {
        lock (_gate)
        {
            if (End(_keeping))
            {
                LogKept(logger, lines, signals);
            }
        }
    }

    public void PageFailed(Exception exception) => LogPageFailed(logger, ReasonOf(exception), StackOf(exception));

    public void ImportFull(int rows) => LogImportFull(logger, rows);

    /// <summary>A run that another process left open could not be closed.</summary>
    public void LeftOpen(Exception exception)
    {
        lock (_gate)
        {
            if (Begin(_leftOpen))
            {
                LogLeftOpen(logger, ReasonOf(exception), StackOf(exception));
            }
        }
    }

    /// <summary>No run is left open any more.</summary>
    public void NoneLeftOpen()
    {
        lock (_gate)
        {
            End(_leftOpen);
        }
    }

    /// <summary>A run could not begin.</summary>
    public void NotBegun(Exception exception) => LogNotBegun(logger, ReasonOf(exception), StackOf(exception));

    /// <summary>A run that is closed has no score.</summary>
    public void NotScored(Exception exception) => LogNotScored(logger, ReasonOf(exception), StackOf(exception));

    /// <summary>The service is not as it was before the run.</summary>
    public void NotRestored(Exception exception) => LogNotRestored(logger, ReasonOf(exception), StackOf(exception));

    private static string ReasonOf(Exception exception) => exception.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static Exception? StackOf(Exception exception) =>
        exception is DbException or DbUpdateException or IOException ? null : exception;

    // Trouble that comes back within a pause is logged when it is over: a disk that is full again and again fills no log.
    private bool Begin(Trouble trouble)
    {
        if (trouble.LoggedAt is { } at && time.GetElapsedTime(at) < Pause)
        {
            return false;
        }

        (trouble.LoggedAt, trouble.IsOpen) = (time.GetTimestamp(), true);
        return true;
    }

    private static bool End(Trouble trouble)
    {
        var wasOpen = trouble.IsOpen;
        trouble.IsOpen = false;
        return wasOpen;
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
        /// <summary>When its last line was written.</summary>
        public long? LoggedAt { get; set; }

        /// <summary>Whether it was logged and its end was not.</summary>
        public bool IsOpen { get; set; }
    }
}
