using MockSre.Domain.Failures;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.Signals;

namespace MockSre.Web.Profiles;

/// <summary>One profile request: the service it reads through, and what it tells the client, the figures and Sentry.</summary>
internal sealed class ProfileRequest(HttpContext context, Deployment deployment, IHub hub, LiveMetrics metrics, TimeProvider time) : IProfileTelemetry
{
    /// <summary>The header that says what the cache had to do with the answer.</summary>
    public const string CacheHeader = "X-Cache";

    /// <summary>Characters of a user id that are remembered; a real one has ten at most.</summary>
    public const int MaxUserLength = 20;

    private readonly ProfileSignals? _signals = hub.IsEnabled ? new ProfileSignals(hub, deployment) : null;
    private readonly int _begun = metrics.Begin();
    private readonly long _start = time.GetTimestamp();
    private CacheOutcome? _cache;
    private int _databaseReads;
    private bool _poolTimedOut;
    private bool _recorded;

    /// <summary>Reads profiles as the deployment has it that was current when the request began.</summary>
    public ProfileService Profiles => deployment.Profiles;

    public void CacheAsked() => _signals?.CacheAsked();

    public void CacheAnswered(CacheOutcome outcome)
    {
        _cache = outcome;
        context.Response.Headers[CacheHeader] = outcome switch
        {
            CacheOutcome.Hit => "hit",
            CacheOutcome.Miss => "miss",
            _ => "bypass",
        };
        _signals?.CacheAnswered(outcome);
    }

    public void ConnectionNeeded() => _signals?.ConnectionNeeded();

    public void ConnectionAwaited(ConnectionPool pool) => _signals?.ConnectionAwaited(pool);

    public void ConnectionLeased(ConnectionPool pool) => _signals?.ConnectionLeased(pool);

    public void DatabaseReadStarting()
    {
        _databaseReads++;
        _signals?.DatabaseReadStarting();
    }

    /// <summary>The request fails, and will be answered with status 500.</summary>
    public void Failed(Exception exception)
    {
        _poolTimedOut = exception is PoolTimeoutException;
        _signals?.Failed(exception);
    }

    /// <summary>The client has left before the answer.</summary>
    public void Abandoned() => _signals?.Abandoned();

    /// <summary>Counts the request, once, with the status that its answer has.</summary>
    public void Record()
    {
        if (!_recorded)
        {
            _recorded = true;
            metrics.End(_begun, new RequestSample(
                context.Response.StatusCode, time.GetElapsedTime(_start), _cache, _databaseReads, _poolTimedOut, User(), deployment.Label));
        }
    }

    /// <summary>The request ends, one way or another.</summary>
    public void End()
    {
        Record();
        _signals?.Ended(_databaseReads);
    }

    // Whoever asks for a whole book instead of a user does not get it remembered.
    private string? User() => context.Request.RouteValues["user_id"] is string user
        ? (user.Length <= MaxUserLength ? user : user[..MaxUserLength] + "…")
        : null;
}
