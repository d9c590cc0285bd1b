namespace MockSre.Web.Http;

/// <summary>
/// Logs the exceptions of observers, which stop nothing else. An observer can fail with each envelope. So each kind of exception is logged
/// at once, and then once a <see cref="Pause"/>.
/// </summary>
internal sealed partial class ObserverLog(TimeProvider time, ILogger<ObserverLog> logger)
{
    /// <summary>The time between two lines about one kind of exception.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Kinds of exceptions with lines of their own; further ones share one.</summary>
    public const int MaxKinds = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, (long At, long Unlogged)> _logged = [];

    /// <summary>Takes an observer's exception.</summary>
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

    [LoggerMessage(LogLevel.Error, "An observer failed ({Unlogged} more since the last such line)")]
    private static partial void LogFailed(ILogger logger, long unlogged, Exception exception);
}
