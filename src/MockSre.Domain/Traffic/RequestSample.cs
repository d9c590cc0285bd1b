using MockSre.Domain.Profiles;

namespace MockSre.Domain.Traffic;

/// <summary>One finished profile request.</summary>
/// <param name="Status">HTTP status; <see cref="ClientClosedRequest"/> where the client left before the answer.</param>
/// <param name="Latency">Time within the service: from routing to the answer's first byte.</param>
/// <param name="Cache">What the cache had to do with it; null where the request ended before the cache.</param>
/// <param name="DatabaseReads">Profile reads that reached the database.</param>
/// <param name="PoolTimedOut">Whether it failed because no connection became free.</param>
public readonly record struct RequestSample(int Status, TimeSpan Latency, CacheOutcome? Cache, int DatabaseReads, bool PoolTimedOut = false)
{
    /// <summary>The status that stands for "the client left", as nginx has it.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>Whether the service failed: any status from 500.</summary>
    public bool IsError => Status >= 500;

    /// <summary>Whether the profile was delivered.</summary>
    public bool IsOk => Status == 200;
}
