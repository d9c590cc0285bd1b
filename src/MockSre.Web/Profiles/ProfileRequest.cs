using System.Diagnostics;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.Incidents;
using MockSre.Web.Signals;

namespace MockSre.Web.Profiles;

/// <summary>One profile request: the service it reads through, and what it tells the client, the figures and Sentry.</summary>
internal sealed class ProfileRequest : IProfileTelemetry
{
    /// <summary>The header that says what the cache had to do with the answer.</summary>
    public const string CacheHeader = "X-Cache";

    /// <summary>Characters of a user id that are remembered; a real one has ten at most.</summary>
    public const int MaxUserLength = 20;

    private readonly HttpContext _context;
    private readonly Deployment _deployment;
    private readonly LiveMetrics _metrics;
    private readonly FailureLog _log;
    private readonly TimeProvider _time;
    private readonly ProfileSignals? _signals;
    private readonly IncidentTelemetry? _incident;
    private readonly bool _isVisitor;
    private readonly int _begun;
    private readonly long _start;
    private CacheOutcome? _cache;
    private int _databaseReads;
    private Exception? _failure;
    private bool _recorded;

    /// <param name="context">The request.</param>
    /// <param name="deployment">The deployment that it met.</param>
    /// <param name="run">The incident run whose load it belongs to, if any.</param>
    /// <param name="visitors">Set for a request that meets an incident run and does not belong to its load.</param>
    /// <param name="hub">Where signals go.</param>
    /// <param name="metrics">Where it is counted.</param>
    /// <param name="log">Where its failure is logged.</param>
    /// <param name="time">Its clock.</param>
    public ProfileRequest(
        HttpContext context,
        Deployment deployment,
        IncidentRun? run,
        Visitors? visitors,
        IHub hub,
        LiveMetrics metrics,
        FailureLog log,
        TimeProvider time)
    {
        _context = context;
        _deployment = deployment;
        _metrics = metrics;
        _log = log;
        _time = time;
        _signals = hub.IsEnabled ? new ProfileSignals(hub, deployment) : null;
        var trace = run is null && visitors is null ? null : hub.GetSpan()?.TraceId.ToString() ?? Activity.Current?.TraceId.ToString();
        _incident = run is null ? null : new IncidentTelemetry(run, deployment, context.Request.Path, trace, time);
        _isVisitor = visitors is not null;
        if (trace is not null)
        {
            visitors?.Remember(trace);
        }

        _begun = metrics.Begin();
        _start = time.GetTimestamp();
    }

    /// <summary>Reads profiles as the deployment has it that was current when the request began.</summary>
    public ProfileService Profiles => _isVisitor ? _deployment.VisitorProfiles : _deployment.Profiles;

    public void CacheAsked() => _signals?.CacheAsked();

    public void CacheAnswered(CacheOutcome outcome)
    {
        _cache = outcome;
        if (!_deployment.IsBlind)
        {
            _context.Response.Headers[CacheHeader] = outcome switch
            {
                CacheOutcome.Hit => "hit",
                CacheOutcome.Miss => "miss",
                _ => "bypass",
            };
        }

        _signals?.CacheAnswered(outcome);
        _incident?.CacheAnswered(outcome);
    }

    public void ConnectionNeeded() => _signals?.ConnectionNeeded();

    public void ConnectionAwaited(ConnectionPool pool)
    {
        _signals?.ConnectionAwaited(pool);
        _incident?.ConnectionAwaited(pool);
    }

    public void ConnectionLeased(ConnectionPool pool) => _signals?.ConnectionLeased(pool);

    public void DatabaseReadStarting()
    {
        _databaseReads++;
        _signals?.DatabaseReadStarting();
    }

    /// <summary>The request fails, and will be answered with status 500.</summary>
    public void Failed(Exception exception)
    {
        _failure = exception;
        _signals?.Failed(exception);
        _incident?.Failed(exception);
    }

    /// <summary>The client has left before the answer.</summary>
    public void Abandoned() => _signals?.Abandoned();

    /// <summary>Counts the request, once, with the status that its answer has.</summary>
    public void Record()
    {
        if (!_recorded)
        {
            _recorded = true;
            var sample = new RequestSample(
                _context.Response.StatusCode,
                _time.GetElapsedTime(_start),
                _cache,
                _databaseReads,
                _failure is PoolTimeoutException,
                User(),
                _deployment.Label);
            _metrics.End(_begun, sample);
            _log.Ended(sample, _failure);
            _incident?.Answered(sample);
        }
    }

    /// <summary>The request ends, one way or another.</summary>
    public void End()
    {
        Record();
        _signals?.Ended(_databaseReads);
    }

    // Whoever asks for a whole book instead of a user does not get it remembered.
    private string? User() => _context.Request.RouteValues["user_id"] is string user
        ? (user.Length <= MaxUserLength ? user : user[..MaxUserLength] + "…")
        : null;
}
