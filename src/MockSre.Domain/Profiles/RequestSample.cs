namespace MockSre.Domain.Profiles;

/// <param name="Status">HTTP status; <see cref="ClientClosedRequest"/> if the client left before the answer.</param>
/// <param name="Latency">Time within the service, from routing to the answer's first byte.</param>
/// <param name="Cache">Null if the request ended before the cache.</param>
/// <param name="DatabaseReads">Profile reads that reached the database.</param>
/// <param name="PoolTimedOut">Whether it failed because no connection became free.</param>
/// <param name="Label">The name of the failure mode; null without a mode.</param>
public readonly record struct RequestSample(
    int Status, TimeSpan Latency, CacheOutcome? Cache, int DatabaseReads, bool PoolTimedOut = false, string? User = null,
    string? Label = null)
{
    /// <summary>The client left before the answer. The number is that of nginx.</summary>
    public const int ClientClosedRequest = 499;

    public bool IsError => Status >= 500;
    public bool IsOk => Status == 200;
}
