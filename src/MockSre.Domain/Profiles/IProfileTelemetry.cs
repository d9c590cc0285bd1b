namespace MockSre.Domain.Profiles;

/// <summary>What one profile request tells those who watch it, as it happens: each step begins after the one before has ended.</summary>
public interface IProfileTelemetry
{
    /// <summary>The cache is about to be asked.</summary>
    void CacheAsked();

    /// <summary>The cache has answered, or is not there to be asked.</summary>
    void CacheAnswered(CacheOutcome outcome);

    /// <summary>A connection is about to be asked for.</summary>
    void ConnectionNeeded();

    /// <summary>None is free: the request has joined the pool's queue.</summary>
    void ConnectionAwaited(ConnectionPool pool);

    /// <summary>The connection is there. A wait that fails ends in the exception that the request fails with.</summary>
    void ConnectionLeased(ConnectionPool pool);

    /// <summary>The profile is about to be read from the database, over the connection.</summary>
    void DatabaseReadStarting();
}
