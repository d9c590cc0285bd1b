namespace MockSre.Web.Profiles;

/// <summary>One profile request. It passes each step to its telemetry receivers.</summary>
internal sealed class ProfileRequest : IProfileTelemetry
{
    /// <summary>The header with the cache outcome.</summary>
    public const string CacheHeader = "X-Cache";

    /// <summary>Longer user ids are cut. A valid one has at most ten digits.</summary>
    public const int MaxUserLength = 20;

    private readonly HttpContext _context;
    private readonly EnteredDeployment _entered;
    private readonly IProfileTelemetry[] _receivers;
    private readonly int _receiverCount;
    private readonly TimeProvider _time;
    private readonly long _start;
    private CacheOutcome? _cache;
    private int _databaseReads;
    private Exception? _failure;
    private bool _recorded;

    /// <param name="telemetry">Creates the receivers, in the order in which they are called.</param>
    public ProfileRequest(HttpContext context, EnteredDeployment entered, ProfileTelemetryFactory[] telemetry, TimeProvider time)
    {
        _context = context;
        _entered = entered;
        _time = time;
        _receivers = new IProfileTelemetry[telemetry.Length];
        foreach (var create in telemetry)
        {
            if (create(context, entered.Deployment) is { } receiver)
            {
                _receivers[_receiverCount++] = receiver;
            }
        }

        _start = time.GetTimestamp();
    }

    /// <summary>Reads profiles with the settings of the request's deployment.</summary>
    public ProfileService Profiles => _entered.Profiles;

    private Deployment Deployment => _entered.Deployment;

    public void CacheAsked() => Each(static receiver => receiver.CacheAsked());

    public void CacheAnswered(CacheOutcome outcome)
    {
        _cache = outcome;
        if (!Deployment.IsBlind)
        {
            _context.Response.Headers[CacheHeader] = outcome switch
            {
                CacheOutcome.Hit => "hit",
                CacheOutcome.Miss => "miss",
                _ => "bypass",
            };
        }

        Each(outcome, static (receiver, outcome) => receiver.CacheAnswered(outcome));
    }

    public void ConnectionNeeded() => Each(static receiver => receiver.ConnectionNeeded());

    public void ConnectionAwaited(ConnectionPool pool) => Each(pool, static (receiver, pool) => receiver.ConnectionAwaited(pool));

    public void ConnectionLeased(ConnectionPool pool) => Each(pool, static (receiver, pool) => receiver.ConnectionLeased(pool));

    public void DatabaseReadStarting()
    {
        _databaseReads++;
        Each(static receiver => receiver.DatabaseReadStarting());
    }

    public void Failed(Exception exception)
    {
        _failure = exception;
        Each(exception, static (receiver, exception) => receiver.Failed(exception));
    }

    public void Abandoned() => Each(static receiver => receiver.Abandoned());

    public void Answered(in RequestSample sample, Exception? failure) =>
        Each((sample, failure), static (receiver, answer) => receiver.Answered(answer.sample, answer.failure));

    public void Ended()
    {
        Record();
        Each(static receiver => receiver.Ended());
    }

    /// <summary>Reports the answer once, with its current status.</summary>
    public void Record()
    {
        if (!_recorded)
        {
            _recorded = true;
            Answered(
                new RequestSample(
                    _context.Response.StatusCode, _time.GetElapsedTime(_start), _cache, _databaseReads,
                    _failure is PoolTimeoutException, User(), Deployment.Label),
                _failure);
        }
    }

    private void Each(Action<IProfileTelemetry> tell) => Each(tell, static (receiver, tell) => tell(receiver));

    // The value is passed, so that no request allocates a closure.
    private void Each<T>(T value, Action<IProfileTelemetry, T> tell)
    {
        foreach (var receiver in _receivers.AsSpan(0, _receiverCount))
        {
            tell(receiver, value);
        }
    }

    // Long ids are cut, so that a client cannot fill memory with them.
    private string? User() => _context.Request.RouteValues["user_id"] is string user
        ? (user.Length <= MaxUserLength ? user : user[..MaxUserLength] + "…")
        : null;
}
