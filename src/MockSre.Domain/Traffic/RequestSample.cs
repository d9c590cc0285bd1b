using MockSre.Domain.Profiles;

namespace MockSre.Domain.Traffic;

/// <summary>One finished profile request.</summary>
/// <param name="Status">HTTP status; <see cref="ClientClosedRequest"/> where the client left before the answer.</param>
/// <param name="Latency">From the first byte of the request understood to the answer ready.</param>
/// <param name="Cache">What the cache had to do with it; null where the request ended before the cache.</param>
/// <param name="DatabaseReads">Profile reads that reached the database.</param>
public readonly record struct RequestSample(int Status, TimeSpan Latency, CacheOutcome? Cache, int DatabaseReads)
{
    /// <summary>The status that stands for "the client left", as nginx has it.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>Whether the service failed: any status from 500.</summary>
    public bool IsError => Status >= 500;

    /// <summary>Whether the profile was delivered.</summary>
    public bool IsOk => Status == 200;
}
