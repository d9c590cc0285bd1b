using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Web.WebConsole.Chart;

public enum MarkerKind
{
    /// <summary>A change of mode, or a deploy of an incident run.</summary>
    Deployment,

    Load,

    Alert,
}

/// <summary>A labelled event on the time axis.</summary>
/// <param name="At">The time on the axis, UTC.</param>
/// <param name="Position">From 0 at the start of the axis to 1 at its end.</param>
/// <param name="Lane">The row of the label, from 0. Null if newer labels leave no room for it.</param>
public sealed record ChartMarker(DateTimeOffset At, double Position, string Label, MarkerKind Kind, int? Lane)
{
    /// <summary>Whether the label is left of the marker, because there is no room on the right.</summary>
    public bool LabelIsLeft => Position > 1 - Width;

    public const int Lanes = 3;

    // Estimated label widths on a wide screen, as shares of the axis.
    private const double Padding = 0.02;
    private const double LetterWidth = 0.0115;

    private double Width => Padding + (LetterWidth * Label.Length);

    private double LabelBegin => LabelIsLeft ? Position - Width : Position;

    /// <summary>The markers of a time range, oldest first. Events of one kind in one second share a marker, with the last label.</summary>
    /// <param name="drift">How far the clock of changes and loads is ahead of the clock of the axis.</param>
    public static IReadOnlyList<ChartMarker> Of(
        DateTimeOffset from, DateTimeOffset to, IEnumerable<DeploymentChange> changes, IEnumerable<LoadRun> loads,
        AlertRaised? alert = null, TimeSpan drift = default)
    {
        var moments = changes.Where(change => change.Source != ChangeSource.Startup)
            .Select(change => (At: change.At - drift, Label: LabelOf(change), Kind: MarkerKind.Deployment))
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
            var label = more == 0 ? moment.Label : $"{moment.Label} (+{more})";
            var marker = new ChartMarker(moment.At, (moment.At - from) / (to - from), label, moment.Kind, Lane: null);
            var ends = Array.ConvertAll(
                newestInLane, newest => newest is { } index ? markers[index].LabelBegin + markers[index].Width : 0);
            var lane = Array.FindIndex(ends, end => end <= marker.LabelBegin);
            if (lane < 0)
            {
                // The newest label wins. The label that it would cover is shown only in the table.
                lane = Array.IndexOf(ends, ends.Min());
                markers[newestInLane[lane]!.Value] = markers[newestInLane[lane]!.Value] with { Lane = null };
            }

            newestInLane[lane] = markers.Count;
            markers.Add(marker with { Lane = lane });
        }

        return markers;
    }

    // The label of an incident run's deployment would reveal its scenario.
    private static string LabelOf(DeploymentChange change) =>
        Modes.All.Any(mode => mode.Name == change.To) ? change.Name : change.Release;

    private static string LabelOf(LoadPlan plan) => plan switch
    {
        LoadPlan.ClosedLoop burst => Figures.Many(burst.Requests, "request"),
        LoadPlan.OpenLoop traffic => $"traffic {traffic.Rate}/s",
        _ => throw new ArgumentOutOfRangeException(nameof(plan)),
    };
}
