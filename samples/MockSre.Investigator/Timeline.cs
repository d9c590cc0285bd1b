namespace MockSre.Investigator;

/// <summary>Since when users are worse off, and whether they still are.</summary>
/// <param name="Onset">The start of the first request that was served worse than usual; null if the service level was never broken for long.</param>
/// <param name="IsBroken">Whether the newest figures break it; null while they are not of one mind.</param>
/// <param name="Shown">The figures that say so.</param>
internal sealed record Timeline(DateTimeOffset? Onset, bool? IsBroken, IReadOnlyList<Figures> Shown)
{
    /// <summary>Buckets that are looked at together: one bad one may be bad luck, two of them are not.</summary>
    private const int Together = 3;

    /// <summary>A bucket of fewer requests says nothing.</summary>
    private const int Enough = 20;

    private const double ManyTimes = 5;

    public static async Task<Timeline> ReadAsync(IncidentClient client, ServiceLevel level, CancellationToken stop)
    {
        // The first figures are those of a cache that fills.
        var buckets = Whole((await client.GetMetricsAsync(stop)).ByTime).Skip(1).ToList();
        var newest = buckets.TakeLast(Together).ToList();
        bool? isBroken = newest.TrueForAll(level.IsBrokenBy) ? true : newest.Exists(level.IsBrokenBy) ? null : false;
        var first = buckets.FindIndex(bucket => level.IsBrokenBy(bucket) && buckets.SkipWhile(other => other != bucket).Take(Together).Count(level.IsBrokenBy) > 1);
        if (first < 0)
        {
            return new Timeline(null, isBroken, newest);
        }

        // Users are worse off before the promise is broken, where things get worse by and by.
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

    /// <summary>The buckets with enough requests to judge by.</summary>
    public static IEnumerable<Figures> Whole(IEnumerable<Figures> buckets) => buckets.Where(bucket => bucket.Requests >= Enough);
}
