namespace MockSre.Investigator;

/// <summary>A commit that may have caused the incident.</summary>
/// <param name="Deploy">The deploy that shipped it.</param>
/// <param name="Errors">The rise of the error rate.</param>
/// <param name="Slowness">The rise of the 95th percentile, in milliseconds.</param>
/// <param name="Shown">Ids of the evidence.</param>
internal sealed record Suspect(
    Commit Commit, Deploy Deploy, string Component, string Mechanism, double Errors, double Slowness, IReadOnlyList<string> Shown)
{
    /// <summary>Whether the evidence contains an error of this commit.</summary>
    public bool Throws => Shown.Any(id => id.StartsWith("signal:issue:", StringComparison.Ordinal));
}

/// <summary>Finds the deploys that made figures worse, and the commits that explain it.</summary>
/// <param name="signals">The signals that were collected during the whole investigation.</param>
internal sealed class Suspects(Changes changes, IReadOnlyList<Figures> releases, Signals signals, ServiceLevel level)
{
    private const double SlowMs = 200;
    private const double ManyTimes = 5;
    private const int ManyQueries = 20;

    /// <summary>All suspects, the strongest first. A commit without an effect on the figures is no suspect.</summary>
    /// <param name="byErrors">True orders suspects by errors first, false by latency.</param>
    public IReadOnlyList<Suspect> Find(bool byErrors)
    {
        List<Suspect> found = [];
        for (var at = 1; at < releases.Count; at++)
        {
            var (before, now) = (releases[at - 1], releases[at]);

            // A change in this release may break the service level only in a later release.
            var worse = releases.Skip(at).FirstOrDefault(level.IsBrokenBy, now);
            if (before.CacheHitRate is { } rate && (now.CacheHitRate ?? 0) < rate / 2)
            {
                Blame(before, now, "profile_cache", [("cache_removed", diff => diff.TakesCacheAway ? 1 : 0)], [now.Id]);
            }

            if (QueryMs(now) is { } slow && slow > SlowMs && releases.Take(at).All(earlier => slow > ManyTimes * (QueryMs(earlier) ?? 0)))
            {
                Blame(
                    before,
                    now,
                    "activity_query",
                    [("full_table_scan", diff => diff.WrapsColumn ? 2 : 0), ("missing_index", diff => diff.DropsIndex ? 1 : 0)],
                    [signals.Transactions.MaxBy(transaction => transaction.Longest("db.query"))!.Id, worse.Id]);
            }

            if (Queries(now) is { } many
                && many > ManyQueries
                && releases.Take(at).All(earlier => many > ManyTimes * (Queries(earlier) ?? 0)))
            {
                Blame(
                    before,
                    now,
                    "activity_query",
                    [("n_plus_one_queries", diff => diff.AwaitsInALoop ? 1 : 0)],
                    [signals.Transactions.MaxBy(transaction => transaction.Count("db.query"))!.Id, worse.Id]);
            }

            if (IsStarvedAnew(now, releases.Take(at)))
            {
                Blame(
                    before,
                    now,
                    "connection_pool",
                    [
                        ("pool_exhaustion", diff => diff.ShrinksPool < 1 ? 3 - diff.ShrinksPool : 0),
                        ("connection_leak", diff => diff.LeaksLease ? 1.5 : 0),
                        ("timeout_too_short", diff => 1 - diff.ShortensWait),
                    ],
                    [.. IssuesOf(now).Take(1).Select(issue => issue.Id), worse.Id]);
            }
        }

        return
        [
            .. found.OrderByDescending(suspect => byErrors && suspect.Throws)
                .ThenByDescending(suspect => byErrors ? suspect.Errors : suspect.Slowness)
                .ThenByDescending(suspect => suspect.Slowness),
        ];

        // Blames the likeliest commit that was deployed after the first release. Among equally likely commits, the newest.
        void Blame(
            Figures before,
            Figures now,
            string component,
            (string Mechanism, Func<Diff, double> Likely)[] ways,
            IReadOnlyList<string> shown)
        {
            var (errors, slowness) = (now.ErrorRate - before.ErrorRate, (now.P95Ms - before.P95Ms) ?? 0);
            var likely = (
                from deploy in changes.Deploys
                where deploy.Number > NumberOf(releases[0]) && deploy.Number <= NumberOf(now)
                from commit in changes.Commits
                where deploy.Commits.Contains(commit.Sha)
                from way in ways
                let weight = way.Likely(new Diff(commit.Diff))
                where weight > 0
                orderby weight descending, deploy.Number descending
                select new Suspect(commit, deploy, component, way.Mechanism, errors, slowness, shown)).FirstOrDefault();
            if (likely is not null && found.TrueForAll(other => other.Commit != likely.Commit))
            {
                found.Add(likely);
            }
        }
    }

    private int NumberOf(Figures release) => changes.Deploys.First(deploy => deploy.Release == release.Release).Number;

    // True if requests time out in the pool for the first time, or wait many times longer.
    private bool IsStarvedAnew(Figures release, IEnumerable<Figures> earlier) =>
        (release.PoolTimeouts > 0 && earlier.All(before => before.PoolTimeouts == 0))
        || (WaitMs(release) is { } wait && wait > SlowMs && earlier.All(before => wait > ManyTimes * (WaitMs(before) ?? 0)));

    private double? WaitMs(Figures release) => Of(release).Select(transaction => (double?)transaction.Longest("db.pool.wait")).Max();

    private double? QueryMs(Figures release) => Of(release).Select(transaction => (double?)transaction.Longest("db.query")).Max();

    private IEnumerable<Issue> IssuesOf(Figures release) => signals.Issues.Where(issue => issue.Releases.ContainsKey(release.Release!));

    private int? Queries(Figures release) => Of(release).Select(transaction => (int?)transaction.Count("db.query")).Max();

    private IEnumerable<Transaction> Of(Figures release) =>
        signals.Transactions.Where(transaction => transaction.Release == release.Release);
}
