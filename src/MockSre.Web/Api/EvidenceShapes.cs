using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MockSre.Domain.Incidents.Evidence;

namespace MockSre.Web.Api;

/// <summary>
/// The items of evidence as they leave, for the OpenAPI document. The facts themselves are made in <see cref="EvidenceIndex"/>.
/// A member with a default is sometimes absent.
/// </summary>
internal static class EvidenceShapes
{
    /// <summary>A commit, deployed or not.</summary>
    /// <param name="Id">Cite it by this id.</param>
    /// <param name="Sha">Seven hexadecimal digits.</param>
    /// <param name="At">When it was made, UTC.</param>
    /// <param name="Author">Name and address.</param>
    /// <param name="Message">The commit message.</param>
    /// <param name="PullRequest">The text of its pull request.</param>
    /// <param name="Files">Changed files, as paths from the repository root.</param>
    /// <param name="Diff">The change, in unified format.</param>
    internal sealed record CommitEvidence(
        string Id, string Sha, DateTimeOffset At, string Author, string Message, string PullRequest, IReadOnlyList<string> Files, string Diff);

    /// <summary>A deploy.</summary>
    /// <param name="Id">Cite it by this id.</param>
    /// <param name="Number">The number to roll back to, from 1.</param>
    /// <param name="At">When it went out, UTC.</param>
    /// <param name="Release">The release that its signals carry.</param>
    /// <param name="Cause">Why it was made.</param>
    /// <param name="Commits">SHAs of the commits that it shipped.</param>
    /// <param name="Target">The target of the action that made it. Null for a release.</param>
    /// <param name="Value">The value of the action that made it. Null unless a setting was changed.</param>
    internal sealed record DeployEvidence(
        string Id,
        int Number,
        DateTimeOffset At,
        string Release,
        DeployCause Cause,
        IReadOnlyList<string> Commits,
        string? Target,
        string? Value);

    /// <summary>A setting.</summary>
    /// <param name="Id">Cite it by this id.</param>
    /// <param name="Key">Its name.</param>
    /// <param name="Value">Its value now. Null if it no longer exists.</param>
    /// <param name="Before">Its value when the run began. Null if it did not exist.</param>
    internal sealed record SettingEvidence(string Id, string Key, JsonValue? Value, JsonValue? Before);

    /// <summary>Figures of requests.</summary>
    internal abstract record Figures
    {
        /// <summary>Cite them by this id.</summary>
        public required string Id { get; init; }

        /// <summary>Begin of the time that they cover, UTC.</summary>
        public required DateTimeOffset From { get; init; }

        /// <summary>End of the time that they cover, UTC.</summary>
        public required DateTimeOffset To { get; init; }

        /// <summary>Answered requests.</summary>
        public required int Requests { get; init; }

        /// <summary>Answers with a status from 500.</summary>
        public required int Errors { get; init; }

        /// <summary>Share of errors, 0 to 1.</summary>
        public required double ErrorRate { get; init; }

        /// <summary>Answers with a status from 400 to 499.</summary>
        public required int ClientErrors { get; init; }

        /// <summary>Median latency in milliseconds. Null without a request.</summary>
        public required double? P50Ms { get; init; }

        /// <summary>95th percentile of the latency in milliseconds. Null without a request.</summary>
        public required double? P95Ms { get; init; }

        /// <summary>Reads of the database.</summary>
        public required int DbReads { get; init; }

        /// <summary>Requests that got no connection in time.</summary>
        public required int PoolTimeouts { get; init; }

        /// <summary>Share of cache lookups that hit, 0 to 1. Absent without a lookup.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public double CacheHitRate { get; init; }
    }

    /// <summary>Figures of one release.</summary>
    internal sealed record ReleaseFigures : Figures
    {
        /// <summary>The release.</summary>
        public required string Release { get; init; }

        /// <summary>Numbers of the deploys of this release.</summary>
        public required IReadOnlyList<int> Deploys { get; init; }
    }

    /// <summary>Figures of some seconds.</summary>
    internal sealed record TimeFigures : Figures
    {
        /// <summary>The releases that answered.</summary>
        public required IReadOnlyList<string> Releases { get; init; }
    }

    /// <summary>Errors of one kind.</summary>
    /// <param name="Id">Cite them by this id.</param>
    /// <param name="Type">The exception type. Null for a message without an exception.</param>
    /// <param name="Title">Type and message of the newest, in one line.</param>
    /// <param name="ThrownFrom">The method that threw.</param>
    /// <param name="Count">Number of errors.</param>
    /// <param name="FirstSeen">Time of the oldest, UTC.</param>
    /// <param name="LastSeen">Time of the newest, UTC.</param>
    /// <param name="Releases">Number of errors by release.</param>
    /// <param name="LatestEventId">Event id of the newest.</param>
    internal sealed record IssueEvidence(
        string Id,
        string? Type,
        string Title,
        string? ThrownFrom,
        int Count,
        DateTimeOffset FirstSeen,
        DateTimeOffset LastSeen,
        IReadOnlyDictionary<string, int> Releases,
        string? LatestEventId);

    /// <summary>An error or a transaction.</summary>
    internal abstract record SignalEvidence
    {
        /// <summary>Cite it by this id.</summary>
        public required string Id { get; init; }

        /// <summary>Its id in Sentry.</summary>
        public required string? EventId { get; init; }

        /// <summary>When it happened, UTC.</summary>
        public required DateTimeOffset At { get; init; }

        /// <summary>The release that sent it.</summary>
        public required string? Release { get; init; }

        /// <summary>The trace that it belongs to.</summary>
        public required string? TraceId { get; init; }

        /// <summary>What happened before, oldest first.</summary>
        public required IReadOnlyList<Breadcrumb> Breadcrumbs { get; init; }

        /// <summary>Tags by name. Absent in a blind run.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyDictionary<string, string> Tags { get; init; } = null!;
    }

    /// <summary>An error.</summary>
    internal sealed record ErrorEvidence : SignalEvidence
    {
        /// <summary>The exception type. Null for a message without an exception.</summary>
        public required string? Type { get; init; }

        /// <summary>The message.</summary>
        public required string? Message { get; init; }

        /// <summary>The method that threw.</summary>
        public required string? ThrownFrom { get; init; }

        /// <summary>The stack frames of the service's own code.</summary>
        public required IReadOnlyList<Frame> Stack { get; init; }
    }

    /// <summary>A transaction.</summary>
    internal sealed record TransactionEvidence : SignalEvidence
    {
        /// <summary>Its name.</summary>
        public required string? Transaction { get; init; }

        /// <summary>How long it took, in milliseconds.</summary>
        public required double DurationMs { get; init; }

        /// <summary>The HTTP status of the answer.</summary>
        public required int? Status { get; init; }

        /// <summary>Its spans, each before those inside it.</summary>
        public required IReadOnlyList<Span> Spans { get; init; }
    }

    /// <summary>A stack frame.</summary>
    /// <param name="Function">The method.</param>
    /// <param name="File">The source file.</param>
    internal sealed record Frame(string? Function, string? File);

    /// <summary>Something that happened before a signal.</summary>
    /// <param name="At">When, UTC.</param>
    /// <param name="Category">The kind.</param>
    /// <param name="Message">The message.</param>
    /// <param name="Level">The severity.</param>
    /// <param name="Data">Further facts by name.</param>
    internal sealed record Breadcrumb(
        DateTimeOffset? At, string? Category, string? Message, string? Level, IReadOnlyDictionary<string, string> Data);

    /// <summary>A step of a transaction.</summary>
    /// <param name="Operation">The kind of step.</param>
    /// <param name="Description">What it did.</param>
    /// <param name="Status">How it ended.</param>
    /// <param name="Depth">Number of spans around it.</param>
    /// <param name="OffsetMs">Its start after the start of the transaction, in milliseconds.</param>
    /// <param name="DurationMs">How long it took, in milliseconds.</param>
    /// <param name="Data">Further facts by name.</param>
    internal sealed record Span(
        string? Operation, string? Description, string? Status, int Depth, double OffsetMs, double DurationMs, IReadOnlyDictionary<string, string> Data);

    /// <summary>A line of the log.</summary>
    /// <param name="Id">Cite it by this id. The number in it is the value for <c>before</c>.</param>
    /// <param name="At">When it was written, UTC.</param>
    /// <param name="Level">The severity.</param>
    /// <param name="Logger">The component that wrote it.</param>
    /// <param name="Message">The message.</param>
    /// <param name="TraceId">The trace that it belongs to. Null for none.</param>
    /// <param name="Release">The release that wrote it.</param>
    /// <param name="Path">The path of the request. Null outside a request.</param>
    /// <param name="Status">The HTTP status of the answer. Null before the answer.</param>
    /// <param name="DurationMs">How long the request took, in milliseconds. Null before the answer.</param>
    internal sealed record LogEvidence(
        string Id,
        DateTimeOffset At,
        LogSeverity Level,
        string Logger,
        string Message,
        string? TraceId,
        string Release,
        string? Path,
        int? Status,
        double? DurationMs);
}
