namespace MockSre.Web.Profiles;

/// <summary>Logs when profile requests start and stop failing, and a summary per <see cref="Window"/> instead of each failure.</summary>
internal sealed partial class FailureLog(TimeProvider time, ILogger<FailureLog> logger) : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly FailureTally _tally = new();
    private readonly HashSet<Type> _explained = [];
    private bool _disposed;

    // Null while no request fails.
    private volatile ITimer? _timer;

    /// <summary>Counts a request, unless its client disconnected.</summary>
    /// <param name="failure">Null for a success.</param>
    public void Ended(in RequestSample sample, Exception? failure)
    {
        if ((failure is null && _timer is null) || sample.Status == RequestSample.ClientClosedRequest)
        {
            return;
        }

        lock (_gate)
        {
            if (_disposed || (failure is null && _timer is null))
            {
                return;
            }

            if (_timer is null)
            {
                LogBegin(logger, (failure as ProfileTimeoutException)?.Details ?? failure!.GetType().Name);

                // The timer must not keep the context of the request that happens to fail first.
                using var apart = ExecutionContext.SuppressFlow();
                _timer = time.CreateTimer(_ => EndWindow(), null, Window, Window);
            }

            _tally.Record(sample.Latency, failure?.GetType().Name);
            if (failure is not (null or ProfileTimeoutException)
                && _explained.Count < FailureTally.MaxKinds
                && _explained.Add(failure.GetType()))
            {
                LogUnexpected(logger, failure);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void EndWindow()
    {
        lock (_gate)
        {
            if (_timer is null)
            {
                return;
            }

            var figures = _tally.Take();
            _explained.Clear();
            if (figures.Failed > 0)
            {
                LogFailing(logger, Window.TotalSeconds, figures.Failed, figures.Requests, Describe(figures), figures.P95Ms ?? 0);
                return;
            }

            _timer.Dispose();
            _timer = null;
            LogOver(logger, Window.TotalSeconds, figures.Requests);
        }
    }

    private static string Describe(FailureFigures figures) => string.Join(
        ", ",
        figures.Kinds.Append(new("other", figures.OtherKinds))
            .Where(kind => kind.Value > 0)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value}")));

    [LoggerMessage(LogLevel.Warning, "Requests begin to fail: {Reason}")]
    private static partial void LogBegin(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Last {Seconds} s: {Failed} of {Requests} requests failed ({Kinds}), p95 {P95Ms:N0} ms")]
    private static partial void LogFailing(ILogger logger, double seconds, long failed, long requests, string kinds, double p95Ms);

    [LoggerMessage(LogLevel.Information, "No request failed in the last {Seconds} s ({Requests} answered)")]
    private static partial void LogOver(ILogger logger, double seconds, long requests);

    [LoggerMessage(LogLevel.Error, "A profile could not be read")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);
}
