namespace MockSre.Web.Http;

/// <summary>Logs exceptions of subscribers. Each kind is logged at once, and then at most once a minute.</summary>
internal sealed partial class ObserverLog(TimeProvider time, ILogger<ObserverLog> logger)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Kinds of exceptions with their own log lines. All further kinds share one.</summary>
    public const int MaxKinds = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, (long At, long Unlogged)> _logged = [];

    public void Failed(Exception exception)
    {
        lock (_gate)
        {
            var kind = exception.GetType();
            kind = _logged.Count < MaxKinds || _logged.ContainsKey(kind) ? kind : typeof(Exception);
            var known = _logged.TryGetValue(kind, out var last);
            if (known && time.GetElapsedTime(last.At) < Pause)
            {
                _logged[kind] = (last.At, last.Unlogged + 1);
                return;
            }

            _logged[kind] = (time.GetTimestamp(), 0);
            LogFailed(logger, last.Unlogged, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "A subscriber failed ({Unlogged} more failures since the last such line)")]
    private static partial void LogFailed(ILogger logger, long unlogged, Exception exception);
}
