using MockSre.Domain.Faults;
using MockSre.Domain.Load;
using MockSre.Domain.Traffic;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Chart;

/// <summary>A line with gaps, as paths of SVG.</summary>
/// <param name="Path">Where two seconds or more follow each other.</param>
/// <param name="Dots">The seconds between two gaps.</param>
public sealed record ChartLine(string Path, string Dots);

/// <summary>
/// The last two minutes drawn as paths of SVG, <see cref="Columns"/> wide with one column a second, and <see cref="Height"/> high. A second without
/// requests is a gap.
/// </summary>
/// <param name="From">The left end of the time axis, UTC.</param>
/// <param name="Seconds">What each column shows; null for a second that is not counted yet or any more.</param>
/// <param name="Latency">The latency axis.</param>
/// <param name="OkP50">The line of the 200s' p50.</param>
/// <param name="OkP95">The line of the 200s' p95.</param>
/// <param name="ErrorP95">The line of the 500s' p95.</param>
/// <param name="Errors">The error rate's columns.</param>
/// <param name="Served">A mark for each second with requests, so that no errors and no requests look different.</param>
/// <param name="Hanging">A mark for each second in which requests were under way and none was answered.</param>
/// <param name="Markers">What happened when.</param>
/// <param name="Since">When counting began, UTC: the start, or the last reset.</param>
public sealed record ChartFrame(
    DateTimeOffset From,
    IReadOnlyList<MetricsSecond?> Seconds,
    AxisScale Latency,
    ChartLine OkP50,
    ChartLine OkP95,
    ChartLine ErrorP95,
    string Errors,
    string Served,
    string Hanging,
    IReadOnlyList<ChartMarker> Markers,
    DateTimeOffset Since)
{
    private const int FootHeight = 2;

    /// <summary>Seconds shown.</summary>
    public const int Columns = 120;

    /// <summary>The height of both panes in the paths' units.</summary>
    public const int Height = 100;

    /// <summary>The right end of the time axis, UTC: the end of the last whole second.</summary>
    public DateTimeOffset To => From.AddSeconds(Columns);

    /// <summary>Whether nothing was answered or under way in all this time.</summary>
    public bool IsEmpty => Seconds.All(second => second is not ({ Figures.Count: > 0 } or { InFlight: > 0 }));

    /// <summary>Draws.</summary>
    /// <param name="alert">The alert of the incident run that is open.</param>
    /// <param name="drift">
    /// How far the wall clock, by which changes and loads are dated, is ahead of the figures' own: after a correction, or where the machine slept.
    /// </param>
    public static ChartFrame Of(MetricsSnapshot metrics, IEnumerable<DeploymentChange> changes, IEnumerable<LoadRun> loads, AlertRaised? alert = null, TimeSpan drift = default)
    {
        var to = DateTimeOffset.FromUnixTimeSeconds(metrics.At.ToUnixTimeSeconds());
        var from = to.AddSeconds(-Columns);
        var seconds = new MetricsSecond?[Columns];
        foreach (var second in metrics.Seconds.Where(second => second.At >= from && second.At < to))
        {
            seconds[(int)(second.At - from).TotalSeconds] = second;
        }

        // What was before a reset is gone from the figures, and so are its markers.
        var counted = metrics.Since + drift;
        var latency = AxisScale.For(seconds.Max(second => Math.Max(second?.Figures.OkLatency?.P95Ms ?? 0, second?.Figures.ErrorLatency?.P95Ms ?? 0)));
        return new ChartFrame(
            from,
            seconds,
            latency,
            SvgPath.Line(seconds, second => Y(second.Figures.OkLatency?.P50Ms)),
            SvgPath.Line(seconds, second => Y(second.Figures.OkLatency?.P95Ms)),
            SvgPath.Line(seconds, second => Y(second.Figures.ErrorLatency?.P95Ms)),
            SvgPath.Bars(seconds, second => second.Figures.ErrorRate * Height),
            SvgPath.Bars(seconds, second => second.Figures.Count > 0 ? FootHeight : null),
            SvgPath.Bars(seconds, second => second.Figures.Count == 0 && second.InFlight > 0 ? FootHeight : null),
            ChartMarker.Of(
                from, to, changes.Where(change => change.At >= counted), loads.Where(run => run.StartedAt >= counted), alert, drift),
            metrics.Since);

        double? Y(double? ms) => ms is { } value ? latency.Share(value) * Height : null;
    }
}
