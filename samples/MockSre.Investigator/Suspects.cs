namespace MockSre.Investigator;

/// <summary>A commit that is blamed.</summary>
/// <param name="Commit">Which.</param>
/// <param name="Deploy">What shipped it.</param>
/// <param name="Component">What it made worse.</param>
/// <param name="Mechanism">How.</param>
/// <param name="Errors">How much the share of errors rose when it showed.</param>
/// <param name="Slowness">By how many milliseconds the 95th percentile rose.</param>
/// <param name="Shown">Ids of what shows it.</param>
internal sealed record Suspect(
    Commit Commit, Deploy Deploy, string Component, string Mechanism, double Errors, double Slowness, IReadOnlyList<string> Shown)
{
    /// <summary>Whether it is this that throws, rather than something that makes others throw.</summary>
    public bool Throws => Shown.Any(id => id.StartsWith("signal:issue:", StringComparison.Ordinal));
}

/// <summary>Finds which deploys made what worse, and which of their commits can have done it.</summary>
/// <param name="changes">What was deployed.</param>
/// <param name="releases">The figures of each release.</param>
/// <param name="signals">Issues and slow transactions, of as long as they were watched.</param>
/// <param name="level">What users are promised.</param>
internal sealed class Suspects(Changes changes, IReadOnlyList<Figures> releases, Signals signals, ServiceLevel level)
{
    private const double SlowMs = 200;
    private const double ManyTimes = 5;

    /// <summary>Everybody who is blamed, none twice, the strongest first. What shows in no figure is nobody's fault.</summary>
    /// <param name="byErrors">Whether requests fail: then what throws comes first, else what takes the time.</param>
    public IReadOnlyList<Suspect> Find(bool byErrors)
    {
        List<Suspect> found = [];
        for (var at = 1; at < releases.Count; at++)
        {
            var (before, now) = (releases[at - 1], releases[at]);

            // What begins here may break the promise only later.
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
                    [.. signals.Issues.Where(issue => issue.Releases.ContainsKey(now.Release!)).Take(1).Select(issue => issue.Id), worse.Id]);
            }
        }

        return
        [
            .. found.OrderByDescending(suspect => byErrors && suspect.Throws)
                .ThenByDescending(suspect => byErrors ? suspect.Errors : suspect.Slowness)
                .ThenByDescending(suspect => suspect.Slowness),
        ];

        // The likeliest commit that was deployed by then and not yet in the beginning, when all was well; of equal ones the newest.
        void Blame(Figures before, Figures now, string component, (string Mechanism, Func<Diff, double> Likely)[] ways, IReadOnlyList<string> shown)
        {
            var likely = (
                from deploy in changes.Deploys
                where deploy.Number > NumberOf(releases[0]) && deploy.Number <= NumberOf(now)
                from commit in changes.Commits
                where deploy.Commits.Contains(commit.Sha)
                from way in ways
                let weight = way.Likely(new Diff(commit.Diff))
                where weight > 0
                orderby weight descending, deploy.Number descending
                select new Suspect(commit, deploy, component, way.Mechanism, now.ErrorRate - before.ErrorRate, (now.P95Ms - before.P95Ms) ?? 0, shown)).FirstOrDefault();
            if (likely is not null && found.TrueForAll(other => other.Commit != likely.Commit))
            {
                found.Add(likely);
            }
        }
    }

    private int NumberOf(Figures release) => changes.Deploys.First(deploy => deploy.Release == release.Release).Number;

    // Requests wait for a connection in vain as they did not before, or many times longer.
    private bool IsStarvedAnew(Figures release, IEnumerable<Figures> earlier) =>
        (release.PoolTimeouts > 0 && earlier.All(before => before.PoolTimeouts == 0))
        || (WaitMs(release) is { } wait && wait > SlowMs && earlier.All(before => wait > ManyTimes * (WaitMs(before) ?? 0)));

    private double? WaitMs(Figures release) => Of(release).Select(transaction => (double?)transaction.Longest("db.pool.wait")).Max();

    private double? QueryMs(Figures release) => Of(release).Select(transaction => (double?)transaction.Longest("db.query")).Max();

    private IEnumerable<Transaction> Of(Figures release) => signals.Transactions.Where(transaction => transaction.Release == release.Release);
}
