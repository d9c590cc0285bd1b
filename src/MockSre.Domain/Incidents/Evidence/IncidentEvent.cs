using MockSre.Domain.Faults;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>An event of a run. The plan and the events of a run are enough to rebuild it.</summary>
/// <param name="At">When it happened, UTC.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StateChanged), "state")]
[JsonDerivedType(typeof(AlertRaised), "alert")]
[JsonDerivedType(typeof(Deployed), "deploy")]
[JsonDerivedType(typeof(Acted), "action")]
[JsonDerivedType(typeof(Diagnosed), "diagnosis")]
[JsonDerivedType(typeof(SecondCounted), "second")]
[JsonDerivedType(typeof(Logged), "log")]
[JsonDerivedType(typeof(SignalCaptured), "signal")]
[JsonDerivedType(typeof(Dropped), "dropped")]
public abstract record IncidentEvent(DateTimeOffset At)
{
    /// <param name="Closed">Why it was closed. Null while it is open.</param>
    public sealed record StateChanged(DateTimeOffset At, IncidentState State, CloseReason? Closed) : IncidentEvent(At);

    /// <param name="Since">When its condition was first met.</param>
    /// <param name="IsMeasured">Whether the condition was met. If it never is, the alert fires at its latest time.</param>
    public sealed record AlertRaised(DateTimeOffset At, DateTimeOffset Since, double Value, bool IsMeasured) : IncidentEvent(At);

    /// <param name="Ships">SHAs of the commits that it shipped.</param>
    /// <param name="InEffect">SHAs of all deployed commits.</param>
    /// <param name="Config">Settings that override those of the commits.</param>
    /// <param name="Deployment">The number of the deployment that serves requests. 0 for a deploy from before the run.</param>
    public sealed record Deployed(
        DateTimeOffset At, int Number, string Release, DeployCause Cause, IReadOnlyList<string> Ships,
        IReadOnlyList<string> InEffect, TraitSet Config, long Deployment) : IncidentEvent(At);

    /// <param name="Deploy">The number of the deploy that it made.</param>
    public sealed record Acted(DateTimeOffset At, int Number, RepairAction Action, int Deploy) : IncidentEvent(At);

    /// <param name="Cited">The cited evidence as it was then.</param>
    public sealed record Diagnosed(DateTimeOffset At, Diagnosis Diagnosis, IReadOnlyList<CitedEvidence> Cited) : IncidentEvent(At);

    /// <summary>The requests that one release answered in one second.</summary>
    /// <param name="At">The start of the second.</param>
    /// <param name="Errors">Answers with a status from 500.</param>
    /// <param name="Refused">Answers with a status from 400 to 499.</param>
    /// <param name="LatenciesMs">Latencies in milliseconds. A busy second keeps only its first ones.</param>
    public sealed record SecondCounted(
        DateTimeOffset At, string Release, int Count, int Errors, int Refused, int CacheHits, int CacheMisses, int DatabaseReads,
        int PoolTimeouts, IReadOnlyList<double> LatenciesMs) : IncidentEvent(At);

    /// <param name="Path">The path of the request. Null outside a request.</param>
    /// <param name="Status">The HTTP status of the answer. Null before the answer.</param>
    /// <param name="DurationMs">How long the request took, in milliseconds. Null before the answer.</param>
    public sealed record Logged(
        DateTimeOffset At, LogSeverity Level, string Logger, string Message, string? TraceId, string Release, string? Path,
        int? Status, double? DurationMs) : IncidentEvent(At);

    public sealed record SignalCaptured(DateTimeOffset At, byte[] Envelope) : IncidentEvent(At);

    /// <summary>Log lines and signals were dropped here before they could be stored.</summary>
    /// <param name="Lines">Dropped log lines. Later lines keep the numbers that they had while the run was open.</param>
    public sealed record Dropped(DateTimeOffset At, int Lines, int Signals) : IncidentEvent(At);
}

public enum LogSeverity
{
    Debug,
    Information,
    Warning,
    Error,
}

/// <summary>The state of a run. An investigator sees only whether it is closed.</summary>
public enum IncidentState
{
    /// <summary>Healthy, under load.</summary>
    Armed,

    /// <summary>The first deploy of the scenario is out.</summary>
    Injected,

    /// <summary>The impact of the scenario was measured.</summary>
    Witnessed,

    /// <summary>The alert has fired, and the run takes actions.</summary>
    Investigating,

    /// <summary>The service has kept its service level again, under load and for long enough.</summary>
    Recovered,

    /// <summary>Closed: the impact of the scenario was not measured, so the run has no score.</summary>
    Invalid,

    /// <summary>Closed without a recovery, by an admin, the clock or a restart.</summary>
    Abandoned,

    /// <summary>Closed by its investigator before a recovery, or where nothing had to recover.</summary>
    Closed,
}

/// <summary>Why a run was closed.</summary>
public enum CloseReason
{
    Finished,
    TimedOut,
    Cancelled,

    /// <summary>The impact of the scenario was not measured.</summary>
    NotWitnessed,

    /// <summary>The service stopped, or was killed.</summary>
    Restarted,
}

/// <summary>Why a deploy was made: it shipped commits, or it was an action.</summary>
public enum DeployCause
{
    Release,
    Rollback,
    Revert,
    Config,
    Restart,
}
