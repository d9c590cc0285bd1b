namespace MockSre.Domain.Profiles;

/// <summary>What the cache had to do with a request.</summary>
public enum CacheOutcome
{
    /// <summary>It held the profile.</summary>
    Hit,

    /// <summary>It was asked and did not hold the profile.</summary>
    Miss,

    /// <summary>There is none to ask.</summary>
    Bypass,
}
