namespace MockSre.Domain.Profiles;

/// <summary>One finished profile request.</summary>
/// <param name="Status">HTTP status; <see cref="ClientClosedRequest"/> where the client left before the answer.</param>
/// <param name="Latency">Time within the service: from routing to the answer's first byte.</param>
/// <param name="Cache">What the cache had to do with it; null where the request ended before the cache.</param>
/// <param name="DatabaseReads">Profile reads that reached the database.</param>
/// <param name="PoolTimedOut">Whether it failed because no connection became free.</param>
/// <param name="User">The user it was for, as asked for.</param>
/// <param name="Label">The name of the mode it met; null where that stands for none.</param>
public readonly record struct RequestSample(
    int Status,
    TimeSpan Latency,
    CacheOutcome? Cache,
    int DatabaseReads,
    bool PoolTimedOut = false,
    string? User = null,
    string? Label = null)
{
    /// <summary>The status that stands for "the client left", as nginx has it.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>Whether the service failed: any status from 500.</summary>
    public bool IsError => Status >= 500;

    /// <summary>Whether the profile was delivered.</summary>
    public bool IsOk => Status == 200;
}
