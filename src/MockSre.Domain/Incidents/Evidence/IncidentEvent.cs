using System.Text.Json.Serialization;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Running;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>Something that happened in a run. All that a run is can be made of its plan and its events again.</summary>
/// <param name="At">When, UTC.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StateChanged), "state")]
[JsonDerivedType(typeof(AlertRaised), "alert")]
[JsonDerivedType(typeof(Deployed), "deploy")]
[JsonDerivedType(typeof(Acted), "action")]
[JsonDerivedType(typeof(Diagnosed), "diagnosis")]
[JsonDerivedType(typeof(SecondCounted), "second")]
[JsonDerivedType(typeof(Logged), "log")]
[JsonDerivedType(typeof(SignalTold), "signal")]
[JsonDerivedType(typeof(Dropped), "dropped")]
public abstract record IncidentEvent(DateTimeOffset At)
{
    /// <summary>The run is in another state.</summary>
    /// <param name="At">When.</param>
    /// <param name="State">The state.</param>
    /// <param name="Closed">Why it is closed; null while it is open.</param>
    public sealed record StateChanged(DateTimeOffset At, IncidentState State, CloseReason? Closed) : IncidentEvent(At);

    /// <summary>The alert rang.</summary>
    /// <param name="At">When.</param>
    /// <param name="Since">Since when its condition is met.</param>
    /// <param name="Value">What was measured.</param>
    /// <param name="IsMeasured">Whether the condition was met at all: an alert rings at the latest when it must.</param>
    public sealed record AlertRaised(DateTimeOffset At, DateTimeOffset Since, double Value, bool IsMeasured) : IncidentEvent(At);

    /// <summary>A deploy was made.</summary>
    /// <param name="At">When.</param>
    /// <param name="Number">From 1.</param>
    /// <param name="Release">What its signals carry.</param>
    /// <param name="Cause">What for.</param>
    /// <param name="Ships">SHAs of the commits that came with it.</param>
    /// <param name="InEffect">SHAs of all commits in effect.</param>
    /// <param name="Config">Settings that win over them.</param>
    /// <param name="Deployment">The number of the deployment that requests meet; 0 for a deploy from before the run.</param>
    public sealed record Deployed(
        DateTimeOffset At,
        int Number,
        string Release,
        DeployCause Cause,
        IReadOnlyList<string> Ships,
        IReadOnlyList<string> InEffect,
        TraitChanges Config,
        long Deployment) : IncidentEvent(At);

    /// <summary>Whoever investigates did something.</summary>
    /// <param name="At">When.</param>
    /// <param name="Number">From 1.</param>
    /// <param name="Action">What.</param>
    /// <param name="Deploy">The deploy made by it.</param>
    public sealed record Acted(DateTimeOffset At, int Number, RepairAction Action, int Deploy) : IncidentEvent(At);

    /// <summary>Whoever investigates said what happened.</summary>
    /// <param name="At">When.</param>
    /// <param name="Diagnosis">What they said.</param>
    /// <param name="Cited">The evidence cited, as it was.</param>
    public sealed record Diagnosed(DateTimeOffset At, Diagnosis Diagnosis, IReadOnlyList<CitedEvidence> Cited) : IncidentEvent(At);

    /// <summary>Requests of one second that met one release.</summary>
    /// <param name="At">The second's beginning.</param>
    /// <param name="Release">The release.</param>
    /// <param name="Count">Answers.</param>
    /// <param name="Errors">With a status from 500.</param>
    /// <param name="Refused">With a status from 400 to 499.</param>
    /// <param name="CacheHits">Answered by the cache.</param>
    /// <param name="CacheMisses">That asked it in vain.</param>
    /// <param name="DatabaseReads">Reads of the database.</param>
    /// <param name="PoolTimeouts">That found no connection in time.</param>
    /// <param name="LatenciesMs">Latencies in milliseconds, at most <see cref="SecondCounter.MaxLatencies"/>.</param>
    public sealed record SecondCounted(
        DateTimeOffset At,
        string Release,
        int Count,
        int Errors,
        int Refused,
        int CacheHits,
        int CacheMisses,
        int DatabaseReads,
        int PoolTimeouts,
        IReadOnlyList<double> LatenciesMs) : IncidentEvent(At);

    /// <summary>A line of the log.</summary>
    /// <param name="At">When.</param>
    /// <param name="Level">Its severity.</param>
    /// <param name="Logger">What wrote it.</param>
    /// <param name="Message">What it says.</param>
    /// <param name="TraceId">The trace it belongs to; null for none.</param>
    /// <param name="Release">The release that wrote it.</param>
    /// <param name="Path">The path of the request; null for a line of no request.</param>
    /// <param name="Status">The answer's status; null in mid-request.</param>
    /// <param name="DurationMs">How long the request took; null in mid-request.</param>
    public sealed record Logged(
        DateTimeOffset At,
        LogSeverity Level,
        string Logger,
        string Message,
        string? TraceId,
        string Release,
        string? Path,
        int? Status,
        double? DurationMs) : IncidentEvent(At);

    /// <summary>A signal was told.</summary>
    /// <param name="At">When.</param>
    /// <param name="Envelope">The envelope.</param>
    public sealed record SignalTold(DateTimeOffset At, byte[] Envelope) : IncidentEvent(At);

    /// <summary>Log lines and signals stood here that were dropped before they could be kept.</summary>
    /// <param name="At">When they were dropped.</param>
    /// <param name="Lines">Lines of the log. Later lines have the numbers that they had while the run was open.</param>
    /// <param name="Signals">Signals.</param>
    public sealed record Dropped(DateTimeOffset At, int Lines, int Signals) : IncidentEvent(At);
}

/// <summary>The severity of a line of the log.</summary>
public enum LogSeverity
{
    /// <summary>Of use to developers.</summary>
    Debug,

    /// <summary>Normal operation.</summary>
    Information,

    /// <summary>Something unusual. Nothing has failed.</summary>
    Warning,

    /// <summary>Something has failed.</summary>
    Error,
}

/// <summary>Where a run stands; an investigator sees only whether it is closed.</summary>
public enum IncidentState
{
    /// <summary>Healthy, under load.</summary>
    Armed,

    /// <summary>The first deploy of the scenario is out.</summary>
    Injected,

    /// <summary>What the scenario is about was measured.</summary>
    Witnessed,

    /// <summary>It has paged, and can be acted on.</summary>
    Investigating,

    /// <summary>The service level is kept again, under load and for long enough.</summary>
    Recovered,

    /// <summary>Closed: what the scenario is about was not measured, so that nobody can be judged by it.</summary>
    Invalid,

    /// <summary>Closed without a recovery, by an admin, the clock or a restart.</summary>
    Abandoned,

    /// <summary>Closed by its investigator where nothing had to recover, or before it recovered.</summary>
    Closed,
}

/// <summary>Why a run is closed.</summary>
public enum CloseReason
{
    /// <summary>Whoever investigates said so.</summary>
    Finished,

    /// <summary>Its time is over.</summary>
    TimedOut,

    /// <summary>An admin said so.</summary>
    Cancelled,

    /// <summary>The witness condition was not met.</summary>
    NotWitnessed,

    /// <summary>The service stopped, or was killed.</summary>
    Restarted,
}

/// <summary>What a deploy was made for.</summary>
public enum DeployCause
{
    /// <summary>Commits were shipped.</summary>
    Release,

    /// <inheritdoc cref="RepairKind.Rollback"/>
    Rollback,

    /// <inheritdoc cref="RepairKind.Revert"/>
    Revert,

    /// <inheritdoc cref="RepairKind.SetConfig"/>
    Config,

    /// <inheritdoc cref="RepairKind.Restart"/>
    Restart,
}
