namespace MockSre.Investigator;

/// <summary>The time at which the service got worse, and whether it is still broken.</summary>
/// <param name="Onset">The start of the first bad request; null if the service level was never broken for long.</param>
/// <param name="IsBroken">Whether the newest figures break the service level. Null if only some of them do.</param>
/// <param name="Shown">The figures that prove it.</param>
internal sealed record Timeline(DateTimeOffset? Onset, bool? IsBroken, IReadOnlyList<Figures> Shown)
{
    /// <summary>The number of buckets that are judged together, because a single bad bucket may be chance.</summary>
    private const int Together = 3;

    /// <summary>The fewest requests that make a bucket useful.</summary>
    private const int Enough = 20;

    private const double ManyTimes = 5;

    public static async Task<Timeline> ReadAsync(IncidentClient client, ServiceLevel level, CancellationToken stop)
    {
        // The first bucket is skipped, because the cache is still empty.
        var buckets = Whole((await client.GetMetricsAsync(stop)).ByTime).Skip(1).ToList();
        var newest = buckets.TakeLast(Together).ToList();
        bool? isBroken = newest.TrueForAll(level.IsBrokenBy) ? true : newest.Exists(level.IsBrokenBy) ? null : false;
        var first = buckets.FindIndex(bucket =>
            level.IsBrokenBy(bucket) && buckets.SkipWhile(other => other != bucket).Take(Together).Count(level.IsBrokenBy) > 1);
        if (first < 0)
        {
            return new Timeline(null, isBroken, newest);
        }

        // If the service gets worse slowly, requests are bad before the service level is broken.
        var slow = Math.Max(level.P95Ms / ManyTimes, ManyTimes * (buckets[0].P95Ms ?? 0));
        var begin = first;
        while (begin > 0 && buckets[begin - 1].P95Ms > slow)
        {
            begin--;
        }

        var log = await client.GetLogAsync(buckets[begin].From, buckets[begin].To, stop);
        var onset = log.Where(line => line.Status >= 500 || line.DurationMs > slow)
            .Select(line => line.At.AddMilliseconds(-line.DurationMs ?? 0))
            .DefaultIfEmpty(buckets[begin].From)
            .Min();
        return new Timeline(onset, isBroken, [buckets[first]]);
    }

    /// <summary>The buckets with enough requests.</summary>
    public static IEnumerable<Figures> Whole(IEnumerable<Figures> buckets) => buckets.Where(bucket => bucket.Requests >= Enough);
}
