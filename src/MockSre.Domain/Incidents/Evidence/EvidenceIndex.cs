using System.Globalization;
using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Signals;
using MockSre.Domain.Traffic;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>What an investigator may know of a run: made of its incident by naming each fact that gets out, so that none does by accident.</summary>
/// <param name="incident">The run.</param>
/// <param name="now">Commits that are newer do not exist yet.</param>
public sealed class EvidenceIndex(IncidentRecord incident, DateTimeOffset now)
{
    /// <summary>Seconds that one set of figures is for.</summary>
    public const int BucketSeconds = 10;

    /// <summary>Transactions that are shown of a release: the slowest.</summary>
    public const int TransactionsOfRelease = 5;

    /// <summary>Releases whose transactions are shown: those that told one last.</summary>
    public const int MaxReleases = 8;

    /// <summary>Error events that are shown: the newest.</summary>
    public const int MaxErrors = 20;

    private readonly IncidentPlan _plan = incident.Plan;

    /// <summary>Every commit there is, newest first.</summary>
    public IReadOnlyList<EvidenceItem> Commits() =>
    [
        .. _plan.Commits
            .Where(commit => incident.At(commit.AtS) <= now)
            .OrderByDescending(commit => commit.AtS)
            .Select(commit => new EvidenceItem($"commit:{commit.Sha}", EvidenceKind.Commit, new JsonObject
            {
                [EvidenceItem.Sha] = commit.Sha,
                ["at"] = Time(incident.At(commit.AtS)),
                ["author"] = commit.Author,
                ["message"] = commit.Message,
                ["pull_request"] = commit.PullRequest,
                ["files"] = Array(commit.Files),
                ["diff"] = commit.Diff,
            })),
    ];

    /// <summary>Every deploy, newest first.</summary>
    public IReadOnlyList<EvidenceItem> Deploys() =>
    [
        .. incident.Deploys.Reverse().Select(deploy => (Deploy: deploy, incident.Actions.FirstOrDefault(acted => acted.Deploy == deploy.Number)?.Action)).Select(made => new EvidenceItem(Invariant($"deploy:{made.Deploy.Number}"), EvidenceKind.Deploy, new JsonObject
        {
            ["number"] = made.Deploy.Number,
            ["at"] = Time(made.Deploy.At),
            ["release"] = made.Deploy.Release,
            ["cause"] = IncidentWords.Of(made.Deploy.Cause),
            [EvidenceItem.Commits] = Array(made.Deploy.Ships),
            ["target"] = made.Action?.Target,
            ["value"] = made.Action?.Value,
        })),
    ];

    /// <summary>The settings now, each with what it was when the run began; one that there is no more has no value.</summary>
    public IReadOnlyList<EvidenceItem> Config()
    {
        var first = Settings(incident.Deploys.FirstOrDefault(deploy => deploy.Deployment > 0));
        var now = Settings(incident.Deploys is [.., var last] ? last : null);
        return
        [
            .. now.Keys.Union(first.Keys).Select(key => new EvidenceItem($"config:{key}", EvidenceKind.Config, new JsonObject
            {
                ["key"] = key,
                ["value"] = now.GetValueOrDefault(key)?.DeepClone(),
                ["before"] = first.GetValueOrDefault(key)?.DeepClone(),
            })),
        ];

        IReadOnlyDictionary<string, JsonValue> Settings(Deployed? deploy) =>
            deploy is null ? new Dictionary<string, JsonValue>() : ServiceConfig.Of(_plan, _plan.TraitsOf(deploy.InEffect, deploy.Config));
    }

    /// <summary>The figures of each release, in the order of their first requests.</summary>
    public IReadOnlyList<EvidenceItem> MetricsByRelease() =>
    [
        .. incident.Seconds
            .GroupBy(second => second.Release)
            .Select(release => new EvidenceItem($"metrics:release:{release.Key}", EvidenceKind.Metrics, Figures([.. release], new JsonObject
            {
                ["release"] = release.Key,
                ["from"] = Time(release.First().At),
                ["to"] = Time(release.Last().At.AddSeconds(1)),
                ["deploys"] = new JsonArray([.. incident.Deploys.Where(deploy => deploy.Release == release.Key).Select(deploy => (JsonNode)deploy.Number)]),
            }))),
    ];

    /// <summary>The figures of each ten seconds, oldest first.</summary>
    public IReadOnlyList<EvidenceItem> MetricsByTime() =>
    [
        .. incident.Seconds
            .GroupBy(second => second.At.ToUnixTimeSeconds() / BucketSeconds * BucketSeconds)
            .Select(bucket => new EvidenceItem(Invariant($"metrics:at:{bucket.Key}"), EvidenceKind.Metrics, Figures([.. bucket], new JsonObject
            {
                ["from"] = Time(DateTimeOffset.FromUnixTimeSeconds(bucket.Key)),
                ["to"] = Time(DateTimeOffset.FromUnixTimeSeconds(bucket.Key + BucketSeconds)),
                ["releases"] = Array(bucket.Select(second => second.Release).Distinct()),
            }))),
    ];

    /// <summary>Errors by kind, the latest first.</summary>
    public IReadOnlyList<EvidenceItem> Issues() =>
    [
        .. IssueGroup.Of(incident.Signals).Select(issue => new EvidenceItem($"signal:issue:{issue.Type}", EvidenceKind.Signal, new JsonObject
        {
            ["type"] = issue.Type,
            ["title"] = issue.Title,
            ["thrown_from"] = issue.Culprit,
            ["count"] = issue.Count,
            ["first_seen"] = Time(issue.FirstSeen),
            ["last_seen"] = Time(issue.LastSeen),
            ["releases"] = new JsonObject(issue.Releases.Select(share => KeyValuePair.Create(share.Value, (JsonNode?)share.Count))),
            ["latest_event_id"] = issue.LatestEventId,
        })),
    ];

    /// <summary>The newest errors, each with its stack and what happened before.</summary>
    public IReadOnlyList<EvidenceItem> Errors() =>
    [
        .. incident.Signals.SelectMany(entry => entry.Signals.OfType<ErrorSignal>()).Take(MaxErrors).Select(Error),
    ];

    /// <summary>The slowest transactions of each release, newest release first, each with its spans: what was slow before is as telling as what is now.</summary>
    public IReadOnlyList<EvidenceItem> Transactions() =>
    [
        .. incident.Signals.SelectMany(entry => entry.Signals.OfType<TransactionSignal>())
            .GroupBy(transaction => transaction.Release)
            .Take(MaxReleases)
            .SelectMany(release => release.OrderByDescending(transaction => transaction.Duration).Take(TransactionsOfRelease))
            .Select(Transaction),
    ];

    /// <summary>The log, newest line first.</summary>
    /// <param name="before">The number of a line; only older ones are given.</param>
    /// <param name="wanted">Which of them are given; all without it.</param>
    public IEnumerable<EvidenceItem> Log(long before = long.MaxValue, Func<Logged, bool>? wanted = null) =>
        incident.Lines.Reverse().Where(numbered => numbered.Number < before && wanted?.Invoke(numbered.Line) != false).Select(numbered => new EvidenceItem(Invariant($"log:{numbered.Number}"), EvidenceKind.Log, new JsonObject
        {
            ["at"] = Time(numbered.Line.At),
            ["level"] = IncidentWords.Of(numbered.Line.Level),
            ["logger"] = numbered.Line.Logger,
            ["message"] = numbered.Line.Message,
            ["trace_id"] = numbered.Line.TraceId,
            ["release"] = numbered.Line.Release,
            ["path"] = numbered.Line.Path,
            ["status"] = numbered.Line.Status,
            ["duration_ms"] = numbered.Line.DurationMs,
        }));

    /// <summary>Finds what an id names; null for nothing. An event that is no longer among those shown is found as long as it is held.</summary>
    /// <exception cref="IncidentRefusedException">The id has an abbreviated SHA that several commits have.</exception>
    public CitedEvidence? Find(string id)
    {
        var parts = id.Split(':', 3);
        parts[0] = parts[0].ToLowerInvariant();
        var item = parts switch
        {
            ["commit", ..] => Named.Commit(incident, id, now) is { } commit ? Commits().First(item => item.Id == $"commit:{commit.Sha}") : null,
            ["deploy", ..] => Named.Deploy(incident, id) is { } deploy ? Deploys().First(item => item.Id == Invariant($"deploy:{deploy.Number}")) : null,
            ["config", ..] => Config().FirstOrDefault(item => item.Id.Equals(id, StringComparison.OrdinalIgnoreCase)),
            ["metrics", "release", var digits] => Named.Sha(digits, incident.Seconds.Select(second => second.Release)) is { } release
                ? MetricsByRelease().FirstOrDefault(item => item.Id == $"metrics:release:{release}")
                : null,
            ["metrics", ..] => MetricsByTime().FirstOrDefault(item => item.Id == id),
            ["signal", "issue", ..] => Issues().FirstOrDefault(item => item.Id == id),
            ["signal", _, var eventId] => incident.Signals.SelectMany(entry => entry.Signals).FirstOrDefault(signal => string.Equals(signal.EventId, eventId, StringComparison.OrdinalIgnoreCase)) is { } signal ? Of(signal) : null,
            ["log", ..] => Log().FirstOrDefault(item => item.Id == id),
            _ => null,
        };
        return item is null ? null : new CitedEvidence(item.Id, item.Kind, item.Facts);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static JsonObject Figures(SecondCounted[] seconds, JsonObject facts)
    {
        var latencies = seconds.SelectMany(second => second.LatenciesMs).Order().ToList();
        var count = seconds.Sum(second => second.Count);
        var asked = seconds.Sum(second => second.CacheHits + second.CacheMisses);
        facts["requests"] = count;
        facts["errors"] = seconds.Sum(second => second.Errors);
        facts["error_rate"] = count == 0 ? 0 : Math.Round((double)seconds.Sum(second => second.Errors) / count, 4);
        facts["client_errors"] = seconds.Sum(second => second.Refused);
        facts["p50_ms"] = latencies.Percentile(50);
        facts["p95_ms"] = latencies.Percentile(95);
        facts["db_reads"] = seconds.Sum(second => second.DatabaseReads);
        facts["pool_timeouts"] = seconds.Sum(second => second.PoolTimeouts);
        if (asked > 0)
        {
            // Code without a cache would count nothing of the kind.
            facts["cache_hit_rate"] = Math.Round((double)seconds.Sum(second => second.CacheHits) / asked, 4);
        }

        return facts;
    }

    private EvidenceItem Of(Signal signal) => signal switch
    {
        ErrorSignal error => Error(error),
        TransactionSignal transaction => Transaction(transaction),
        _ => throw new InvalidOperationException("There is no other signal."),
    };

    private EvidenceItem Error(ErrorSignal error) => new($"signal:event:{error.EventId}", EvidenceKind.Signal, Common(error, new JsonObject
    {
        ["type"] = error.Type,
        ["message"] = error.Message,
        ["thrown_from"] = error.ThrownFrom,
        ["stack"] = new JsonArray([.. error.Frames.Where(frame => frame.InApp).Select(frame => new JsonObject
        {
            // No lines: the diffs are against the code of the story.
            ["function"] = frame.Function,
            ["file"] = frame.File,
        })]),
    }));

    private EvidenceItem Transaction(TransactionSignal transaction) => new($"signal:event:{transaction.EventId}", EvidenceKind.Signal, Common(transaction, new JsonObject
    {
        ["transaction"] = transaction.Transaction,
        ["duration_ms"] = Math.Round(transaction.Duration.TotalMilliseconds, 1),
        ["status"] = transaction.HttpStatus,
        ["spans"] = new JsonArray([.. SpanTree.Of(transaction).Select(node => new JsonObject
        {
            ["operation"] = node.Span.Operation,
            ["description"] = node.Span.Description,
            ["status"] = node.Span.Status,
            ["depth"] = node.Depth,
            ["offset_ms"] = Math.Round(node.Offset.TotalMilliseconds, 1),
            ["duration_ms"] = Math.Round(node.Span.Duration.TotalMilliseconds, 1),
            ["data"] = new JsonObject(node.Span.Data.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        })]),
    }));

    private JsonObject Common(Signal signal, JsonObject facts)
    {
        facts["event_id"] = signal.EventId;
        facts["at"] = Time(signal.At);
        facts["release"] = signal.Release;
        facts["trace_id"] = signal.TraceId;
        facts["breadcrumbs"] = new JsonArray([.. signal.Breadcrumbs.Select(crumb => new JsonObject
        {
            ["at"] = crumb.At is { } at ? Time(at) : null,
            ["category"] = crumb.Category,
            ["message"] = crumb.Message,
            ["level"] = crumb.Level,
            ["data"] = new JsonObject(crumb.Data.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        })]);
        if (!_plan.IsBlind)
        {
            facts["tags"] = new JsonObject(signal.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
        }

        return facts;
    }
}
