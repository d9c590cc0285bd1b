using System.Globalization;
using MockSre.Domain.Failures;
using MockSre.Domain.Load;

namespace MockSre.Web.Console.Chart;

/// <summary>What a marker stands for.</summary>
public enum MarkerKind
{
    /// <summary>A change of mode.</summary>
    Mode,

    /// <summary>The begin of a load.</summary>
    Load,
}

/// <summary>A moment on the time axis with a name.</summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Position">Where on the axis, 0 at its left end to 1.</param>
/// <param name="Label">What happened.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Lane">The line of labels that it stands in, from 0, so that neighbours do not cover each other.</param>
public sealed record ChartMarker(DateTimeOffset At, double Position, string Label, MarkerKind Kind, int Lane)
{
    /// <summary>Lines of labels; what finds no room in any shares the last.</summary>
    public const int Lanes = 3;

    /// <summary>The room that a label takes, as a share of the axis.</summary>
    private const double LabelWidth = 0.13;

    /// <summary>The markers of a stretch of time, in its order. Of several of a kind within one second the last stands for all.</summary>
    /// <param name="from">The left end of the axis.</param>
    /// <param name="to">The right end.</param>
    public static IReadOnlyList<ChartMarker> Of(DateTimeOffset from, DateTimeOffset to, IEnumerable<DeploymentChange> changes, IEnumerable<LoadRun> loads)
    {
        var moments = changes.Where(change => change.Source != ChangeSource.Startup)
            .Select(change => (change.At, Label: change.To ?? change.Release, Kind: MarkerKind.Mode))
            .Concat(loads.Select(run => (At: run.StartedAt, Label: LabelOf(run.Plan), Kind: MarkerKind.Load)))
            .Where(moment => moment.At >= from && moment.At < to)
            .GroupBy(moment => (moment.Kind, moment.At.ToUnixTimeSeconds()))
            .Select(second => (Last: second.MaxBy(moment => moment.At), More: second.Count() - 1))
            .OrderBy(second => second.Last.At);

        var markers = new List<ChartMarker>();
        var laneEnds = new double[Lanes];
        foreach (var (moment, more) in moments)
        {
            var position = (moment.At - from) / (to - from);
            var lane = Array.FindIndex(laneEnds, end => end <= position) is var free and >= 0 ? free : Lanes - 1;
            laneEnds[lane] = position + LabelWidth;
            markers.Add(new ChartMarker(
                moment.At, position, more == 0 ? moment.Label : string.Create(CultureInfo.InvariantCulture, $"{moment.Label} (+{more})"), moment.Kind, lane));
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
