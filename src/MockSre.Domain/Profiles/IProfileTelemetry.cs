namespace MockSre.Domain.Profiles;

/// <summary>What one profile request tells those who watch it, as it happens.</summary>
public interface IProfileTelemetry
{
    /// <summary>The cache was asked, or was not there to be asked.</summary>
    void CacheAnswered(CacheOutcome outcome);

    /// <summary>The profile is about to be read from the database, over a connection in hand.</summary>
    void DatabaseReadStarting();
}
