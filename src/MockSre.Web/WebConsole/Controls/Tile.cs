using MockSre.Web.SentryClient;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>How a figure is rated. Shown as a colour, an icon and a word.</summary>
public enum TileStatus
{
    Plain,

    Good,

    Warning,

    Bad,
}

/// <summary>One figure in large type.</summary>
/// <param name="Unit">Shown after the figure in small type.</param>
/// <param name="Note">The rating in a word or two.</param>
public sealed record Tile(string Name, string Value, string Unit, string Note, TileStatus Status)
{
    /// <summary>An error rate from here on is bad. Below it is a warning, and 0 is good.</summary>
    public const double BadErrorRate = 0.05;

    /// <summary>A p95 from here on is a warning: far above a healthy service.</summary>
    public const double HighP95Ms = 500;

    /// <summary>A p95 from here on is bad. It is the threshold of the alert of <c>make alerts</c>.</summary>
    public const double BadP95Ms = AlertRules.SlowMs;

    /// <summary>The tiles of a snapshot. Rates and percentiles cover <see cref="LiveMetrics.ShortSeconds"/> whole seconds.</summary>
    /// <param name="pool">The pool of the current deployment.</param>
    /// <param name="drainingPools">Pools of earlier deployments with requests in flight.</param>
    public static IReadOnlyList<Tile> Of(MetricsSnapshot metrics, PoolStatus pool, int drainingPools)
    {
        var last = metrics.LastTenSeconds;

        // Counting may have begun less than ten seconds ago.
        var seconds = metrics.Seconds is [.., var newest]
            ? Math.Clamp((newest.At.AddSeconds(1) - metrics.Since).TotalSeconds, 1, LiveMetrics.ShortSeconds)
            : 1;
        return
        [
            new("Requests", Figures.Rate((double)last.Count / seconds), " /s", "last 10 s", TileStatus.Plain),
            ErrorRate(last),
            P95(last),
            CacheHits(last),
            new("In flight", Figures.Count(metrics.InFlight), "", "now", TileStatus.Plain),
            PoolInUse(pool, drainingPools),
            new("Waiting", Figures.Count(pool.Waiting), "", "for a connection",
                pool.Waiting == 0 ? TileStatus.Good : TileStatus.Bad),
        ];
    }

    private static Tile ErrorRate(TrafficFigures last) => last.ErrorRate switch
    {
        null => new("Errors", Figures.None, "", "no requests", TileStatus.Plain),
        0 => new("Errors", "0", " %", "none", TileStatus.Good),
        { } rate => new(
            "Errors", Figures.Share(rate)[..^2], " %", $"{Figures.Count(last.Errors)} of {Figures.Count(last.Count)}",
            rate < BadErrorRate ? TileStatus.Warning : TileStatus.Bad),
    };

    private static Tile P95(TrafficFigures last)
    {
        var text = Figures.Latency(last.Latency?.P95Ms).Split(' ');
        var (note, status) = last.Latency?.P95Ms switch
        {
            null => ("no requests", TileStatus.Plain),
            >= BadP95Ms => ("slow", TileStatus.Bad),
            >= HighP95Ms => ("slower than usual", TileStatus.Warning),
            _ => ("fast", TileStatus.Good),
        };
        return new("p95", text[0], text.Length > 1 ? $" {text[1]}" : "", note, status);
    }

    private static Tile CacheHits(TrafficFigures last) => last switch
    {
        { CacheHitRate: null } => new("Cache hits", Figures.None, "", "no reads", TileStatus.Plain),
        { CacheBypassed: > 0, CacheHits: 0, CacheMisses: 0 } => new("Cache hits", "0", " %", "bypassed", TileStatus.Bad),
        _ => new(
            "Cache hits", Figures.Share(last.CacheHitRate)[..^2], " %", last.CacheBypassed > 0 ? "some bypassed" : "of reads",
            last.CacheBypassed > 0 ? TileStatus.Warning : TileStatus.Good),
    };

    private static Tile PoolInUse(PoolStatus pool, int drainingPools)
    {
        var (note, status) = pool.InUse >= pool.Limit ? ("exhausted", TileStatus.Bad)
            : drainingPools > 0 ? ($"{drainingPools} older draining", TileStatus.Plain)
            : ("connections", TileStatus.Good);
        return new("Pool", Figures.Count(pool.InUse), $" of {pool.Limit}", note, status);
    }
}
