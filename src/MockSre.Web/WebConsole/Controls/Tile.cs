using System.Globalization;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.SentryClient;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>What a figure means; shown in colour, by a sign, and in words.</summary>
public enum Verdict
{
    /// <summary>Nothing in itself.</summary>
    Plain,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Bad,
}

/// <summary>One figure, large enough for the back row.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">What follows it in smaller letters.</param>
/// <param name="Note">What it means, in a word or two.</param>
/// <param name="Verdict">What it means.</param>
public sealed record Tile(string Name, string Value, string Unit, string Note, Verdict Verdict)
{
    /// <summary>From this error rate on it is bad; below it, other than none, a warning.</summary>
    public const double BadErrorRate = 0.05;

    /// <summary>From this p95 on, in milliseconds, it is a warning: far above a healthy service's.</summary>
    public const double HighP95Ms = 500;

    /// <summary>From this p95 on, in milliseconds, it is bad: where the alert of <c>make alerts</c> rings.</summary>
    public const double BadP95Ms = AlertRules.SlowMs;

    /// <summary>The tiles of a moment. Rates and percentiles are those of the last <see cref="LiveMetrics.ShortSeconds"/> whole seconds.</summary>
    /// <param name="metrics">The live figures.</param>
    /// <param name="pool">The pool in force.</param>
    /// <param name="drainingPools">Pools of earlier deployments that still serve requests.</param>
    public static IReadOnlyList<Tile> Of(MetricsSnapshot metrics, PoolStatus pool, int drainingPools)
    {
        var last = metrics.LastTenSeconds;

        // Counting may have begun within the first of these seconds.
        var seconds = metrics.Seconds.Count == 0 ? 1 : Math.Clamp((metrics.Seconds[^1].At.AddSeconds(1) - metrics.Since).TotalSeconds, 1, LiveMetrics.ShortSeconds);
        return
        [
            new("Requests", Figures.Rate((double)last.Count / seconds), " /s", "last 10 s", Verdict.Plain),
            ErrorRate(last),
            P95(last),
            CacheHits(last),
            new("In flight", Figures.Count(metrics.InFlight), "", "now", Verdict.Plain),
            PoolInUse(pool, drainingPools),
            pool.Waiting == 0
                ? new("Waiting", "0", "", "for a connection", Verdict.Good)
                : new("Waiting", Figures.Count(pool.Waiting), "", "for a connection", Verdict.Bad),
        ];
    }

    private static Tile ErrorRate(TrafficFigures last) => last.ErrorRate switch
    {
        null => new("Errors", Figures.None, "", "no requests", Verdict.Plain),
        0 => new("Errors", "0", " %", "none", Verdict.Good),
        { } rate => new(
            "Errors",
            Figures.Share(rate)[..^2],
            " %",
            string.Create(CultureInfo.InvariantCulture, $"{last.Errors:N0} of {last.Count:N0}"),
            rate < BadErrorRate ? Verdict.Warning : Verdict.Bad),
    };

    private static Tile P95(TrafficFigures last)
    {
        var text = Figures.Latency(last.Latency?.P95Ms).Split(' ');
        var (note, verdict) = last.Latency?.P95Ms switch
        {
            null => ("no requests", Verdict.Plain),
            >= BadP95Ms => ("slow", Verdict.Bad),
            >= HighP95Ms => ("slower than usual", Verdict.Warning),
            _ => ("fast", Verdict.Good),
        };
        return new("p95", text[0], text.Length > 1 ? $" {text[1]}" : "", note, verdict);
    }

    private static Tile CacheHits(TrafficFigures last) => last switch
    {
        { CacheHitRate: null } => new("Cache hits", Figures.None, "", "no reads", Verdict.Plain),
        { CacheBypassed: > 0, CacheHits: 0, CacheMisses: 0 } => new("Cache hits", "0", " %", "bypassed", Verdict.Bad),
        _ => new(
            "Cache hits",
            Figures.Share(last.CacheHitRate)[..^2],
            " %",
            last.CacheBypassed > 0 ? "some bypassed" : "of reads",
            last.CacheBypassed > 0 ? Verdict.Warning : Verdict.Good),
    };

    private static Tile PoolInUse(PoolStatus pool, int drainingPools)
    {
        var (note, verdict) = pool.InUse >= pool.Limit ? ("exhausted", Verdict.Bad)
            : drainingPools > 0 ? (string.Create(CultureInfo.InvariantCulture, $"{drainingPools} older draining"), Verdict.Plain)
            : ("connections", Verdict.Good);
        return new("Pool", Figures.Count(pool.InUse), string.Create(CultureInfo.InvariantCulture, $" of {pool.Limit}"), note, verdict);
    }
}
