using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;

namespace MockSre.Web.Profiles;

/// <summary>One profile request: the service it reads through, the header about the cache, and the receivers of its steps.</summary>
internal sealed class ProfileRequest : IProfileTelemetry
{
    /// <summary>The header that says what the cache had to do with the answer.</summary>
    public const string CacheHeader = "X-Cache";

    /// <summary>Characters of a user id that are remembered; a real one has ten at most.</summary>
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

    /// <param name="context">The request.</param>
    /// <param name="entered">The deployment that it entered.</param>
    /// <param name="telemetry">Make the receivers, in the order in which they hear of each step.</param>
    /// <param name="time">Its clock.</param>
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

    /// <summary>Reads profiles as the deployment has it that was current when the request began.</summary>
    public ProfileService Profiles => _entered.Profiles;

    private Deployment Deployment => _entered.Deployment;

    private ReadOnlySpan<IProfileTelemetry> Receivers => _receivers.AsSpan(0, _receiverCount);

    public void CacheAsked()
    {
        foreach (var receiver in Receivers)
        {
            receiver.CacheAsked();
        }
    }

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

        foreach (var receiver in Receivers)
        {
            receiver.CacheAnswered(outcome);
        }
    }

    public void ConnectionNeeded()
    {
        foreach (var receiver in Receivers)
        {
            receiver.ConnectionNeeded();
        }
    }

    public void ConnectionAwaited(ConnectionPool pool)
    {
        foreach (var receiver in Receivers)
        {
            receiver.ConnectionAwaited(pool);
        }
    }

    public void ConnectionLeased(ConnectionPool pool)
    {
        foreach (var receiver in Receivers)
        {
            receiver.ConnectionLeased(pool);
        }
    }

    public void DatabaseReadStarting()
    {
        _databaseReads++;
        foreach (var receiver in Receivers)
        {
            receiver.DatabaseReadStarting();
        }
    }

    public void Failed(Exception exception)
    {
        _failure = exception;
        foreach (var receiver in Receivers)
        {
            receiver.Failed(exception);
        }
    }

    public void Abandoned()
    {
        foreach (var receiver in Receivers)
        {
            receiver.Abandoned();
        }
    }

    public void Answered(in RequestSample sample, Exception? failure)
    {
        foreach (var receiver in Receivers)
        {
            receiver.Answered(sample, failure);
        }
    }

    public void Ended()
    {
        Record();
        foreach (var receiver in Receivers)
        {
            receiver.Ended();
        }
    }

    /// <summary>Reports the answer, once, with the status that it has.</summary>
    public void Record()
    {
        if (!_recorded)
        {
            _recorded = true;
            Answered(
                new RequestSample(
                    _context.Response.StatusCode,
                    _time.GetElapsedTime(_start),
                    _cache,
                    _databaseReads,
                    _failure is PoolTimeoutException,
                    User(),
                    Deployment.Label),
                _failure);
        }
    }

    // Long ids are cut, so that a client cannot fill memory with them.
    private string? User() => _context.Request.RouteValues["user_id"] is string user
        ? (user.Length <= MaxUserLength ? user : user[..MaxUserLength] + "…")
        : null;
}
