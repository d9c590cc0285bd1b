namespace MockSre.Domain.Profiles;

public enum CacheOutcome
{
    Hit,
    Miss,

    /// <summary>There is no cache.</summary>
    Bypass,
}
