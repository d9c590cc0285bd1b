using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Chart;

/// <summary>SVG paths of a line with gaps. Dots are single seconds between two gaps.</summary>
public sealed record ChartLine(string Path, string Dots);

/// <summary>The last two minutes as SVG paths: one column per second, <see cref="Columns"/> by <see cref="Height"/> units.</summary>
/// <param name="From">The start of the time axis, UTC.</param>
/// <param name="Seconds">The figures by column; null for a second without figures.</param>
/// <param name="Served">Marks seconds with requests, so that "no errors" and "no requests" look different.</param>
/// <param name="Hanging">Marks seconds with requests in flight and no answer.</param>
/// <param name="Since">When counting began, UTC: at the start of the service, or at the last reset.</param>
public sealed record ChartFrame(
    DateTimeOffset From, IReadOnlyList<MetricsSecond?> Seconds, AxisScale Latency, ChartLine OkP50, ChartLine OkP95,
    ChartLine ErrorP95, string Errors, string Served, string Hanging, IReadOnlyList<ChartMarker> Markers, DateTimeOffset Since)
{
    private const int FootHeight = 2;

    public const int Columns = 120;

    /// <summary>The height of each pane, in SVG units.</summary>
    public const int Height = 100;

    /// <summary>The end of the time axis, UTC: the end of the last whole second.</summary>
    public DateTimeOffset To => From.AddSeconds(Columns);

    public bool IsEmpty => Seconds.All(second => second is not ({ Figures.Count: > 0 } or { InFlight: > 0 }));

    /// <param name="drift">How far the wall clock, which dates changes and loads, is ahead of the clock of the figures.</param>
    public static ChartFrame Of(
        MetricsSnapshot metrics, IEnumerable<DeploymentChange> changes, IEnumerable<LoadRun> loads, AlertRaised? alert = null,
        TimeSpan drift = default)
    {
        var to = DateTimeOffset.FromUnixTimeSeconds(metrics.At.ToUnixTimeSeconds());
        var from = to.AddSeconds(-Columns);
        var seconds = new MetricsSecond?[Columns];
        foreach (var second in metrics.Seconds.Where(second => second.At >= from && second.At < to))
        {
            seconds[(int)(second.At - from).TotalSeconds] = second;
        }

        // A reset removes older markers together with the figures.
        var counted = metrics.Since + drift;
        var latency = AxisScale.For(seconds.Max(second =>
            Math.Max(second?.Figures.OkLatency?.P95Ms ?? 0, second?.Figures.ErrorLatency?.P95Ms ?? 0)));
        return new ChartFrame(
            from, seconds, latency,
            SvgPath.Line(seconds, second => Y(second.Figures.OkLatency?.P50Ms)),
            SvgPath.Line(seconds, second => Y(second.Figures.OkLatency?.P95Ms)),
            SvgPath.Line(seconds, second => Y(second.Figures.ErrorLatency?.P95Ms)),
            SvgPath.Bars(seconds, second => second.Figures.ErrorRate * Height),
            SvgPath.Bars(seconds, second => second.Figures.Count > 0 ? FootHeight : null),
            SvgPath.Bars(seconds, second => second.Figures.Count == 0 && second.InFlight > 0 ? FootHeight : null),
            ChartMarker.Of(
                from, to, changes.Where(change => change.At >= counted), loads.Where(run => run.StartedAt >= counted),
                alert, drift),
            metrics.Since);

        double? Y(double? ms) => ms is { } value ? latency.Share(value) * Height : null;
    }
}
