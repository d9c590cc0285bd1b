using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>Latency and error rate of the last two minutes, with markers. It can be paused, read by second, and shown as a table.</summary>
public sealed partial class LiveChart
{
    private static readonly string ViewBox = $"0 0 {ChartFrame.Columns} {ChartFrame.Height}";

    private ChartFrame? _paused;
    private bool _table;
    private int? _column;
    private string _spoken = "";

    [Parameter, EditorRequired] public ChartFrame Frame { get; set; } = null!;

    private ChartFrame Shown => _paused ?? Frame;

    private string EmptyText => Shown.Since > Shown.From
        ? $"No requests since {Figures.Time(Shown.Since)} UTC. Keep traffic on, or fire some."
        : "No requests in these two minutes. Keep traffic on, or fire some.";

    private static string ClassOf(ChartMarker marker)
    {
        var lane = marker.Lane is { } number ? $" lane-{number}" : "";
        return $"marker {marker.Kind.ToString().ToLowerInvariant()}{lane}{(marker.LabelIsLeft ? " left" : "")}";
    }

    private void TogglePause() => _paused = _paused is null ? Frame : null;

    private void Leave()
    {
        _column = null;
        _spoken = "";
    }

    private void Move(KeyboardEventArgs key)
    {
        var last = ChartFrame.Columns - 1;
        int? column = key.Key switch
        {
            "ArrowLeft" => Math.Max((_column ?? last + 1) - 1, 0),
            "ArrowRight" => Math.Min((_column ?? last - 1) + 1, last),
            "Escape" => null,
            _ => _column,
        };
        if (column == _column)
        {
            return;
        }

        _column = column;

        // Screen readers hear only what a key asks for, not the updates of each second.
        _spoken = column is { } read ? $"{Figures.Time(Shown.From.AddSeconds(read))} UTC: {Spoken(Readout(read))}" : "";
    }

    private static string Spoken(IEnumerable<(string Name, string Value)> figures) =>
        string.Join(", ", figures.Select(figure => $"{figure.Name} {figure.Value}"));

    private IEnumerable<(string Name, string Value)> Readout(int column)
    {
        if (Shown.Seconds[column] is not { Figures: { Count: > 0 } figures } second)
        {
            if (Shown.Seconds[column] is { InFlight: > 0 and var hanging })
            {
                yield return ("no answer", "");
                yield return ("in flight", Figures.Count(hanging));
            }
            else
            {
                yield return ("no requests", "");
            }

            yield break;
        }

        yield return ("requests", Figures.Count(figures.Count));
        yield return ("success p50", Figures.Latency(figures.OkLatency?.P50Ms));
        yield return ("success p95", Figures.Latency(figures.OkLatency?.P95Ms));
        yield return ("failure p95", Figures.Latency(figures.ErrorLatency?.P95Ms));
        yield return ("error rate", Figures.Share(figures.ErrorRate));
        yield return ("in flight", Figures.Count(second.InFlight));
    }
}
