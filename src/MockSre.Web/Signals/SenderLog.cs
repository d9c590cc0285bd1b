namespace MockSre.Web.Signals;

/// <summary>Logs when sending to Sentry starts to fail and when it works again, not each envelope.</summary>
/// <param name="host">Sentry's host, for the log lines.</param>
internal sealed partial class SenderLog(string host, TimeProvider time, ILogger logger)
{
    /// <summary>Recovery is not logged sooner than this after a failure, so that an unstable Sentry cannot fill the log.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (bool InTrouble, long Since)> _logged = [];

    /// <param name="reason">Why it failed; null if it arrived.</param>
    public void Record(string category, SignalState state, string? reason)
    {
        // Logs under the lock, to keep the lines in order.
        lock (_gate)
        {
            var known = _logged.TryGetValue(category, out var last);
            if ((reason is not null) == (known && last.InTrouble) || (reason is null && time.GetElapsedTime(last.Since) < Pause))
            {
                return;
            }

            _logged[category] = (reason is not null, time.GetTimestamp());
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

    [LoggerMessage(LogLevel.Warning, "Sentry at {Host} does not receive {Category} signals: {State}, {Reason}")]
    private static partial void LogTrouble(ILogger logger, string host, string category, SignalState state, string reason);

    [LoggerMessage(LogLevel.Information, "Sentry at {Host} receives {Category} signals again")]
    private static partial void LogOver(ILogger logger, string host, string category);
}
