using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>The evidence of a run at a moment. The run knows the answer: only facts of evidence records leave it.</summary>
/// <param name="now">Commits that are newer do not exist yet.</param>
public sealed class IncidentEvidence(IncidentRecord incident, DateTimeOffset now)
{
    /// <summary>The most transactions shown of one release: the slowest.</summary>
    public const int TransactionsOfRelease = 5;

    /// <summary>The most releases whose transactions are shown: the newest.</summary>
    public const int MaxReleases = 8;

    /// <summary>The most errors shown: the newest.</summary>
    public const int MaxErrors = 20;

    public DateTimeOffset At => now;

    private readonly IncidentPlan _plan = incident.Plan;

    // The tags of a run that is not blind name its scenario.
    private readonly bool _hasTags = !incident.Plan.IsBlind;

    /// <summary>Every commit, newest first.</summary>
    public IReadOnlyList<CommitEvidence> Commits() =>
    [
        .. _plan.Commits
            .Where(commit => incident.At(commit.AtS) <= now)
            .OrderByDescending(commit => commit.AtS)
            .Select(commit => new CommitEvidence(
                commit.Sha, incident.At(commit.AtS), commit.Author, commit.Message, commit.PullRequest, commit.Files, commit.Diff)),
    ];

    /// <summary>Every deploy, newest first.</summary>
    public IReadOnlyList<DeployEvidence> Deploys() =>
    [
        .. from deploy in incident.Deploys.Reverse()
           let action = incident.Actions.FirstOrDefault(acted => acted.Deploy == deploy.Number)?.Action
           select new DeployEvidence(deploy.Number, deploy.At, deploy.Release, deploy.Cause, deploy.Ships, action?.Target, action?.Value),
    ];

    /// <summary>The settings that exist now or existed when the run began.</summary>
    public IReadOnlyList<SettingEvidence> Config()
    {
        var before = Settings(incident.Deploys.FirstOrDefault(deploy => deploy.Deployment > 0));
        var current = Settings(incident.Deploys is [.., var last] ? last : null);
        return
        [
            .. current.Keys.Union(before.Keys)
                .Select(key => new SettingEvidence(key, current.GetValueOrDefault(key), before.GetValueOrDefault(key))),
        ];

        IReadOnlyDictionary<string, JsonValue> Settings(Deployed? deploy) =>
            deploy is null ? new Dictionary<string, JsonValue>() : ServiceConfig.Of(_plan, _plan.TraitsOf(deploy.InEffect, deploy.Config));
    }

    /// <summary>The figures of each release, in the order of their first requests.</summary>
    public IReadOnlyList<ReleaseFigures> MetricsByRelease() =>
    [
        .. incident.Seconds
            .GroupBy(second => second.Release)
            .Select(release => new ReleaseFigures(
                release.Key,
                [.. release],
                incident.Deploys.Where(deploy => deploy.Release == release.Key).Select(deploy => deploy.Number))),
    ];

    /// <summary>The figures of each <see cref="IncidentPlan.FiguresS"/> seconds, oldest first.</summary>
    public IReadOnlyList<TimeFigures> MetricsByTime() =>
        [.. incident.Seconds.GroupBy(second => TimeFigures.BucketOf(second.At)).Select(bucket => new TimeFigures(bucket.Key, [.. bucket]))];

    /// <summary>Errors grouped by kind, the latest first.</summary>
    public IReadOnlyList<IssueEvidence> Issues() =>
    [
        .. IssueGroup.Of(incident.Signals).Select(issue => new IssueEvidence(
            issue.Type, issue.Title, issue.Culprit, issue.Count, issue.FirstSeen, issue.LastSeen,
            issue.Releases.ToDictionary(share => share.Value, share => share.Count), issue.LatestEventId)),
    ];

    /// <summary>The newest errors with their stacks and breadcrumbs.</summary>
    public IReadOnlyList<ErrorEvidence> Errors() =>
        [.. Signals<ErrorSignal>().Take(MaxErrors).Select(error => new ErrorEvidence(error, _hasTags))];

    /// <summary>The slowest transactions of each release, newest release first. Older releases show what was slow before.</summary>
    public IReadOnlyList<TransactionEvidence> Transactions() =>
    [
        .. Signals<TransactionSignal>()
            .GroupBy(transaction => transaction.Release)
            .Take(MaxReleases)
            .SelectMany(release => release.OrderByDescending(transaction => transaction.Duration).Take(TransactionsOfRelease))
            .Select(transaction => new TransactionEvidence(transaction, _hasTags)),
    ];

    /// <summary>The log, newest line first.</summary>
    /// <param name="before">The number of a line. Only older lines are listed.</param>
    public IEnumerable<LogEvidence> Log(long before = long.MaxValue, Func<Logged, bool>? filter = null) =>
        incident.Lines.Reverse()
            .Where(numbered => numbered.Number < before && filter?.Invoke(numbered.Line) != false)
            .Select(numbered => LogEvidence.Of(numbered.Number, numbered.Line));

    /// <summary>Finds evidence by its id. Also finds events that are no longer shown, as long as the run holds them.</summary>
    /// <returns>Null for an unknown id.</returns>
    /// <exception cref="RefusedException">The id has an abbreviated SHA that several commits have.</exception>
    public CitedEvidence? Find(string id)
    {
        var parts = id.Split(':', 3);
        parts[0] = parts[0].ToLowerInvariant();
        EvidenceItem? item = parts switch
        {
            ["commit", ..] => incident.FindCommit(id, now) is { } commit ? Commits().First(item => item.Sha == commit.Sha) : null,
            ["deploy", ..] => incident.FindDeploy(id) is { } deploy ? Deploys().First(item => item.Number == deploy.Number) : null,
            ["config", ..] => Config().FirstOrDefault(item => item.Id.Equals(id, StringComparison.OrdinalIgnoreCase)),
            ["metrics", "release", var digits] => FiguresOf(digits),
            ["metrics", ..] => MetricsByTime().FirstOrDefault(item => item.Id == id),
            ["signal", "issue", ..] => Issues().FirstOrDefault(item => item.Id == id),
            ["signal", _, var eventId] => Event(eventId),
            ["log", ..] => Log().FirstOrDefault(item => item.Id == id),
            _ => null,
        };
        return item is null ? null : CitedEvidence.Of(item);
    }

    private ReleaseFigures? FiguresOf(string digits)
    {
        var releases = MetricsByRelease();
        var release = IncidentReferences.FindSha(digits, releases.Select(figures => figures.Release));
        return releases.FirstOrDefault(figures => figures.Release == release);
    }

    private SignalEvidence? Event(string id) =>
        Signals<Signal>().FirstOrDefault(signal => string.Equals(signal.EventId, id, StringComparison.OrdinalIgnoreCase)) switch
        {
            ErrorSignal error => new ErrorEvidence(error, _hasTags),
            TransactionSignal transaction => new TransactionEvidence(transaction, _hasTags),
            _ => null,
        };

    private IEnumerable<T> Signals<T>()
        where T : Signal => incident.Signals.SelectMany(entry => entry.Signals.OfType<T>());
}
