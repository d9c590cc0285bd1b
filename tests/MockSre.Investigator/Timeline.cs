namespace MockSre.Investigator;

/// <summary>Since when users are worse off, and whether they still are.</summary>
/// <param name="Onset">The start of the first request that was not served as promised; null if the service level was never broken for long.</param>
/// <param name="IsBroken">Whether the newest figures break it; null while they are not of one mind.</param>
/// <param name="Shown">The figures that say so.</param>
internal sealed record Timeline(DateTimeOffset? Onset, bool? IsBroken, IReadOnlyList<Figures> Shown)
{
    /// <summary>Buckets that are looked at together: one bad one may be bad luck, two of them are not.</summary>
    private const int Together = 3;

    /// <summary>A bucket of fewer requests says nothing.</summary>
    private const int Enough = 20;

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

        var log = await client.GetLogAsync(buckets[first].From, buckets[first].To, stop);
        var onset = log.Where(line => line.Status >= 500 || line.DurationMs > level.P95Ms)
            .Select(line => line.At.AddMilliseconds(-line.DurationMs ?? 0))
            .DefaultIfEmpty(buckets[first].From)
            .Min();
        return new Timeline(onset, isBroken, [buckets[first]]);
    }

    /// <summary>The buckets with enough requests to judge by.</summary>
    public static IEnumerable<Figures> Whole(IEnumerable<Figures> buckets) => buckets.Where(bucket => bucket.Requests >= Enough);
}
