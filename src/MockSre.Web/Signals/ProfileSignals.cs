using MockSre.Web.Profiles;

namespace MockSre.Web.Signals;

/// <summary>Reports one profile request to Sentry: its deployment, spans, breadcrumbs and failure.</summary>
internal sealed class ProfileSignals : IProfileTelemetry
{
    /// <summary>The environment in signals of blind deployments.</summary>
    public const string BlindEnvironment = "production";

    private readonly IHub _hub;
    private readonly bool _isBlind;
    private ISpan? _step;
    private int _databaseReads;

    /// <summary>Marks the signals of the current request with its deployment.</summary>
    public ProfileSignals(IHub hub, Deployment deployment)
    {
        _hub = hub;
        _isBlind = deployment.IsBlind;
        _hub.ConfigureScope(
            static (scope, deployment) =>
            {
                scope.Release = deployment.Release;
                scope.Contexts[SignalNames.DeploymentContext] = new Dictionary<string, object>
                {
                    [SignalNames.DeploymentNumber] = deployment.Number,
                };
                if (deployment.Label is { } label)
                {
                    scope.SetTag(SignalNames.ModeTag, label);
                    scope.SetTag(SignalNames.ScenarioTag, deployment.Scenario);
                }

                if (deployment.IsBlind)
                {
                    scope.Environment = BlindEnvironment;
                }
            },
            deployment);
    }

    public void CacheAsked() => Begin(SignalNames.CacheLookUp, "profile cache");

    public void CacheAnswered(CacheOutcome outcome)
    {
        switch (outcome)
        {
            case CacheOutcome.Bypass when _isBlind:
                // Code without a cache has no breadcrumb about it.
                break;
            case CacheOutcome.Bypass:
                AddBreadcrumb(SignalNames.CacheCategory, SignalNames.CacheBypassed);
                break;
            default:
                var hit = outcome == CacheOutcome.Hit;
                _step?.SetData(SignalNames.CacheHit, hit);
                End(SpanStatus.Ok);
                AddBreadcrumb(SignalNames.CacheCategory, hit ? "Cache hit" : "Cache miss");
                break;
        }
    }

    public void ConnectionNeeded() => Begin(SignalNames.PoolWait, "Take a database connection");

    public void ConnectionAwaited(ConnectionPool pool)
    {
        var status = pool.Status;
        if (_step is { } wait)
        {
            wait.Description = "Wait for a database connection";
        }

        _step?.SetData(SignalNames.PoolLimit, status.Limit);
        _step?.SetData(SignalNames.PoolInUse, status.InUse);
        _step?.SetData(SignalNames.PoolWaiting, status.Waiting);
        AddBreadcrumb(SignalNames.PoolCategory, string.Create(
            CultureInfo.InvariantCulture, $"Waiting for a connection: {status.InUse} of {status.Limit} in use, {status.Waiting} waiting"));
    }

    public void ConnectionLeased(ConnectionPool pool)
    {
        var status = pool.Status;
        End(SpanStatus.Ok);
        AddBreadcrumb(
            SignalNames.PoolCategory,
            string.Create(CultureInfo.InvariantCulture, $"Connection leased: {status.InUse} of {status.Limit} in use"));
    }

    public void DatabaseReadStarting()
    {
        _databaseReads++;
        AddBreadcrumb(SignalNames.DatabaseCategory, "Reading the profile from the database");
    }

    /// <summary>Captures the one event of a failed request.</summary>
    public void Failed(Exception exception)
    {
        // Finish the failed step with the exception, which links the event to the span.
        _step?.Finish(exception, exception is PoolTimeoutException ? SpanStatus.DeadlineExceeded : SpanStatus.InternalError);
        _step = null;
        if (exception is PoolTimeoutException { Status: var pool } timeout)
        {
            AddBreadcrumb(
                SignalNames.PoolCategory,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Timed out after {timeout.Waited.TotalMilliseconds:N0} ms "
                    + $"with {pool.InUse} of {pool.Limit} in use, {pool.Waiting} waiting"),
                BreadcrumbLevel.Warning,
                pool.LongestHeld is not { } oldest ? null : new Dictionary<string, string>
                {
                    ["oldest_lease"] = oldest.Owner,
                    ["oldest_lease_ms"] = oldest.Held.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture),
                });
        }

        // The caller gets an error, so the exception counts as unhandled. It does not end the transaction.
        exception.SetSentryMechanism(nameof(ProfileRequests), "The request was answered with status 500.", handled: false, terminal: false);
        var error = new SentryEvent(exception);
        if (NumbersOf(exception) is { } numbers)
        {
            error.Contexts[SignalNames.TimeoutContext] = numbers;
        }

        _hub.CaptureEvent(error);
    }

    /// <summary>The client has disconnected: open spans end as cancelled, and nothing failed.</summary>
    public void Abandoned()
    {
        End(SpanStatus.Cancelled);

        // EF marks an interrupted statement as failed, and leaves one that never started open.
        _hub.ConfigureScope(static scope =>
        {
            foreach (var span in scope.Transaction?.Spans ?? [])
            {
                if (!span.IsFinished)
                {
                    span.Finish(SpanStatus.Cancelled);
                }
                else if (span.Status == SpanStatus.InternalError)
                {
                    span.Status = SpanStatus.Cancelled;
                }
            }
        });
    }

    public void Ended()
    {
        End(SpanStatus.Cancelled);
        _hub.ConfigureScope(static (scope, reads) => scope.Transaction?.SetMeasurement(SignalNames.DatabaseReads, reads), _databaseReads);
    }

    private static Dictionary<string, object>? NumbersOf(Exception exception) => exception switch
    {
        PoolTimeoutException { Status: var pool, Waited: var waited } => new()
        {
            [SignalNames.WaitedMs] = waited.TotalMilliseconds,
            [SignalNames.PoolLimit] = pool.Limit,
            [SignalNames.PoolInUse] = pool.InUse,
            [SignalNames.PoolWaiting] = pool.Waiting,
        },
        ProfileDeadlineException { Deadline: var deadline } => new() { [SignalNames.DeadlineMs] = deadline.TotalMilliseconds },
        _ => null,
    };

    private void Begin(string operation, string description) => _step = _hub.GetSpan()?.StartChild(operation, description);

    private void End(SpanStatus status)
    {
        _step?.Finish(status);
        _step = null;
    }

    private void AddBreadcrumb(
        string category, string message, BreadcrumbLevel level = BreadcrumbLevel.Info, Dictionary<string, string>? data = null) =>
        _hub.AddBreadcrumb(message, category, data: data, level: level);
}
