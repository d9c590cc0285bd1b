using MockSre.Domain.Signals;

namespace MockSre.Web.Signals;

/// <summary>Logs that Sentry does not get what is sent, and that it does again: when that changes, not for each envelope.</summary>
/// <param name="host">Where signals go.</param>
/// <param name="time">Spaces the lines.</param>
/// <param name="logger">Where the lines go.</param>
internal sealed partial class SenderLog(string host, TimeProvider time, ILogger logger)
{
    /// <summary>Within this time after trouble is told, its end is not: a Sentry that comes and goes fills no log.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (bool InTrouble, long Since)> _told = [];

    /// <summary>Takes what became of one envelope.</summary>
    /// <param name="reason">Why it did not arrive; null where it did.</param>
    public void Tell(string category, SignalState state, string? reason)
    {
        // Under the lock, so that the lines stand in the order of what they say.
        lock (_gate)
        {
            var told = _told.TryGetValue(category, out var last);
            if ((reason is not null) == (told && last.InTrouble) || (reason is null && time.GetElapsedTime(last.Since) < Pause))
            {
                return;
            }

            _told[category] = (reason is not null, time.GetTimestamp());
            if (reason is not null)
            {
                LogTrouble(logger, host, category, state, reason);
            }
            else
            {
                LogOver(logger, host, category);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sentry at {Host} does not get what is sent as {Category}: {State}, {Reason}")]
    private static partial void LogTrouble(ILogger logger, string host, string category, SignalState state, string reason);

    [LoggerMessage(LogLevel.Information, "Sentry at {Host} gets what is sent as {Category} again")]
    private static partial void LogOver(ILogger logger, string host, string category);
}
