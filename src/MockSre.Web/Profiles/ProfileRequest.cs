using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;

namespace MockSre.Web.Profiles;

/// <summary>One profile request: the service it reads through, and what it tells the client and the figures.</summary>
internal sealed class ProfileRequest(HttpContext context, ProfileService profiles, LiveMetrics metrics, TimeProvider time) : IProfileTelemetry
{
    /// <summary>The header that says what the cache had to do with the answer.</summary>
    public const string CacheHeader = "X-Cache";

    private readonly int _begun = metrics.Begin();
    private readonly long _start = time.GetTimestamp();
    private CacheOutcome? _cache;
    private int _databaseReads;
    private bool _poolTimedOut;
    private bool _recorded;

    /// <summary>Reads profiles as the deployment has it that was current when the request began.</summary>
    public ProfileService Profiles => profiles;

    public void CacheAnswered(CacheOutcome outcome)
    {
        _cache = outcome;
        context.Response.Headers[CacheHeader] = outcome switch
        {
            CacheOutcome.Hit => "hit",
            CacheOutcome.Miss => "miss",
            _ => "bypass",
        };
    }

    public void DatabaseReadStarting() => _databaseReads++;

    /// <summary>The request failed because no connection became free.</summary>
    public void PoolTimedOut() => _poolTimedOut = true;

    /// <summary>Counts the request, once, with the status that its answer has.</summary>
    public void Record() => Record(context.Response.StatusCode);

    /// <summary>Counts the request, once, with a status of its own.</summary>
    public void Record(int status)
    {
        if (!_recorded)
        {
            _recorded = true;
            metrics.End(_begun, new RequestSample(status, time.GetElapsedTime(_start), _cache, _databaseReads, _poolTimedOut));
        }
    }
}
