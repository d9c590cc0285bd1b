using System.Globalization;
using MockSre.Domain.Faults;
using MockSre.Domain.Load;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Chart;

/// <summary>What a marker stands for.</summary>
public enum MarkerKind
{
    /// <summary>Another deployment: a change of mode, or a deploy of an incident run.</summary>
    Deployment,

    /// <summary>The begin of a load.</summary>
    Load,

    /// <summary>The alert of an incident run.</summary>
    Alert,
}

/// <summary>A moment on the time axis with a name.</summary>
/// <param name="At">The moment by the clock of the axis, UTC.</param>
/// <param name="Position">Where on the axis, 0 at its left end to 1.</param>
/// <param name="Label">What happened.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Lane">The line of labels that it stands in, from 0, so that neighbours do not cover each other; null where newer ones leave it no room.</param>
public sealed record ChartMarker(DateTimeOffset At, double Position, string Label, MarkerKind Kind, int? Lane)
{
    /// <summary>Whether the label stands left of the marker, since right of it is no room.</summary>
    public bool LabelIsLeft => Position > 1 - Width;

    /// <summary>Lines of labels.</summary>
    public const int Lanes = 3;

    // The room that a label takes, as shares of the axis on a wide screen.
    private const double Padding = 0.02;
    private const double LetterWidth = 0.0115;

    private double Width => Padding + (LetterWidth * Label.Length);

    private double LabelBegin => LabelIsLeft ? Position - Width : Position;

    /// <summary>The markers of a stretch of time, in its order. Of several of a kind within one second the last stands for all.</summary>
    /// <param name="from">The left end of the axis.</param>
    /// <param name="to">The right end.</param>
    /// <param name="alert">An alert that rang.</param>
    /// <param name="drift">How far the clock of changes and loads is ahead of that of the axis.</param>
    public static IReadOnlyList<ChartMarker> Of(DateTimeOffset from, DateTimeOffset to, IEnumerable<DeploymentChange> changes, IEnumerable<LoadRun> loads, AlertRaised? alert = null, TimeSpan drift = default)
    {
        var moments = changes.Where(change => change.Source != ChangeSource.Startup)
            .Select(change => (At: change.At - drift, Label: change.PublicName(), Kind: MarkerKind.Deployment))
            .Concat(loads.Select(run => (At: run.StartedAt - drift, Label: LabelOf(run.Plan), Kind: MarkerKind.Load)))
            .Concat(alert is null ? [] : [(At: alert.At - drift, Label: "alert", Kind: MarkerKind.Alert)])
            .Where(moment => moment.At >= from && moment.At < to)
            .GroupBy(moment => (moment.Kind, moment.At.ToUnixTimeSeconds()))
            .Select(second => (Last: second.MaxBy(moment => moment.At), More: second.Count() - 1))
            .OrderBy(second => second.Last.At);

        var markers = new List<ChartMarker>();
        var newestInLane = new int?[Lanes];
        foreach (var (moment, more) in moments)
        {
            var label = more == 0 ? moment.Label : string.Create(CultureInfo.InvariantCulture, $"{moment.Label} (+{more})");
            var marker = new ChartMarker(moment.At, (moment.At - from) / (to - from), label, moment.Kind, Lane: null);
            var ends = Array.ConvertAll(newestInLane, newest => newest is { } index ? markers[index].LabelBegin + markers[index].Width : 0);
            var lane = Array.FindIndex(ends, end => end <= marker.LabelBegin);
            if (lane < 0)
            {
                // The newest matters most; what it would cover keeps its line, and its name in the table.
                lane = Array.IndexOf(ends, ends.Min());
                markers[newestInLane[lane]!.Value] = markers[newestInLane[lane]!.Value] with { Lane = null };
            }

            newestInLane[lane] = markers.Count;
            markers.Add(marker with { Lane = lane });
        }

        return markers;
    }

    private static string LabelOf(LoadPlan plan) => plan switch
    {
        LoadPlan.ClosedLoop burst => Figures.Many(burst.Requests, "request"),
        LoadPlan.OpenLoop traffic => string.Create(CultureInfo.InvariantCulture, $"traffic {traffic.Rate}/s"),
        _ => throw new ArgumentOutOfRangeException(nameof(plan)),
    };
}
