namespace MockSre.Domain.Profiles;

/// <summary>Receives the steps of one profile request as they happen. A step begins after the one before has ended.</summary>
/// <remarks>A receiver implements the members that it needs.</remarks>
public interface IProfileTelemetry
{
    /// <summary>The cache is about to be asked.</summary>
    void CacheAsked() { }

    /// <summary>The cache has answered, or is not there to be asked.</summary>
    void CacheAnswered(CacheOutcome outcome) { }

    /// <summary>A connection is about to be asked for.</summary>
    void ConnectionNeeded() { }

    /// <summary>None is free: the request has joined the pool's queue.</summary>
    void ConnectionAwaited(ConnectionPool pool) { }

    /// <summary>The request has a connection. Not called if the wait fails.</summary>
    void ConnectionLeased(ConnectionPool pool) { }

    /// <summary>The profile is about to be read from the database, over the connection.</summary>
    void DatabaseReadStarting() { }

    /// <summary>The request fails. The answer will have status 500.</summary>
    void Failed(Exception exception) { }

    /// <summary>The client has left before the answer.</summary>
    void Abandoned() { }

    /// <summary>The answer is about to leave, or the request ends without one. Called once for each request.</summary>
    /// <param name="failure">Null if the request did not fail.</param>
    void Answered(in RequestSample sample, Exception? failure) { }

    /// <summary>The request has ended. Nothing is reported after this.</summary>
    void Ended() { }
}
