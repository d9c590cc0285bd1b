namespace MockSre.Domain.Signals;

/// <summary>The delivery of an envelope to Sentry.</summary>
public enum SignalState
{
    /// <summary>No DSN is set, so the envelope stays in this process.</summary>
    Local,

    Queued,

    /// <summary>Sentry answered 200.</summary>
    Sent,

    /// <summary>Sentry answered with another status.</summary>
    Refused,

    /// <summary>No answer: no connection, timeout, queue full, rate limited, or the service stopped.</summary>
    Dropped,
}
