namespace MockSre.Domain.Signals;

/// <summary>What became of an envelope on its way to Sentry.</summary>
public enum SignalState
{
    /// <summary>No DSN is set, so it stays in this process.</summary>
    Local,

    /// <summary>It waits to be sent.</summary>
    Queued,

    /// <summary>Sentry answered 200.</summary>
    Sent,

    /// <summary>Sentry answered with another status.</summary>
    Refused,

    /// <summary>It was never answered: no connection, no answer in time, the queue full, rate limited, or the service stopped.</summary>
    Dropped,
}
