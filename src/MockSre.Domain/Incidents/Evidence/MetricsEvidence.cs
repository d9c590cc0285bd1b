using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Traffic;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

public abstract record MetricsEvidence : EvidenceItem
{
    private protected MetricsEvidence(string id, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<SecondCounted> seconds)
        : base(EvidenceKind.Metrics, id)
    {
        var latencies = seconds.SelectMany(second => second.LatenciesMs).Order().ToList();
        var lookups = seconds.Sum(second => second.CacheHits + second.CacheMisses);
        From = from;
        To = to;
        Requests = seconds.Sum(second => second.Count);
        Errors = seconds.Sum(second => second.Errors);
        ErrorRate = Share(Errors, Requests) ?? 0;
        ClientErrors = seconds.Sum(second => second.Refused);
        P50Ms = latencies.Percentile(50);
        P95Ms = latencies.Percentile(95);
        DbReads = seconds.Sum(second => second.DatabaseReads);
        PoolTimeouts = seconds.Sum(second => second.PoolTimeouts);
        CacheHitRate = Share(seconds.Sum(second => second.CacheHits), lookups);
    }

    /// <summary>Begin of the time that they cover, UTC.</summary>
    [JsonPropertyOrder(-1), JsonConverter(typeof(MillisecondTimeConverter))]
    public DateTimeOffset From { get; }

    /// <summary>End of the time that they cover, UTC.</summary>
    [JsonPropertyOrder(-1), JsonConverter(typeof(MillisecondTimeConverter))]
    public DateTimeOffset To { get; }

    /// <summary>Answered requests.</summary>
    public int Requests { get; }

    /// <summary>Answers with a status from 500.</summary>
    public int Errors { get; }

    /// <summary>Share of errors, 0 to 1.</summary>
    public double ErrorRate { get; }

    /// <summary>Answers with a status from 400 to 499.</summary>
    public int ClientErrors { get; }

    /// <summary>Median latency in milliseconds. Null without a request.</summary>
    public double? P50Ms { get; }

    /// <summary>95th percentile of the latency in milliseconds. Null without a request.</summary>
    public double? P95Ms { get; }

    public int DbReads { get; }

    /// <summary>Requests that got no connection in time.</summary>
    public int PoolTimeouts { get; }

    /// <summary>Share of cache lookups that hit, 0 to 1. Absent without a lookup.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CacheHitRate { get; }

    private static double? Share(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);
}

public sealed record ReleaseFigures : MetricsEvidence
{
    internal ReleaseFigures(string release, IReadOnlyList<SecondCounted> seconds, IEnumerable<int> deploys)
        : base($"metrics:release:{release}", seconds[0].At, seconds[^1].At.AddSeconds(1), seconds)
    {
        Release = release;
        Deploys = [.. deploys];
    }

    [JsonPropertyOrder(-2)]
    public string Release { get; }

    public IReadOnlyList<int> Deploys { get; }
}

/// <summary>Figures of some seconds.</summary>
public sealed record TimeFigures : MetricsEvidence
{
    /// <param name="bucket">See <see cref="BucketOf"/>.</param>
    internal TimeFigures(long bucket, IReadOnlyList<SecondCounted> seconds)
        : base(
            IdOf($"metrics:at:{bucket * IncidentPlan.FiguresS}"),
            DateTimeOffset.FromUnixTimeSeconds(bucket * IncidentPlan.FiguresS),
            DateTimeOffset.FromUnixTimeSeconds((bucket + 1) * IncidentPlan.FiguresS),
            seconds) =>
        Releases = [.. seconds.Select(second => second.Release).Distinct()];

    /// <summary>The number of the bucket of a time, counted from the Unix epoch.</summary>
    internal static long BucketOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / IncidentPlan.FiguresS;

    /// <summary>The releases that answered.</summary>
    public IReadOnlyList<string> Releases { get; }
}
