namespace MockSre.Domain.Profiles;

/// <summary>How a request met the cache.</summary>
public enum CacheOutcome
{
    Hit,
    Miss,

    /// <summary>There is no cache.</summary>
    Bypass,
}
