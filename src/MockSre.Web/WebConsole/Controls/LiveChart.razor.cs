using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MockSre.Web.WebConsole.Chart;

namespace MockSre.Web.WebConsole.Controls;

/// <summary>Latency and error rate over the last two minutes, with what happened when; can be paused, read second by second, and shown as a table.</summary>
public sealed partial class LiveChart
{
    private ChartFrame? _paused;
    private bool _table;
    private int? _column;
    private string _spoken = "";

    /// <summary>What to draw.</summary>
    [Parameter, EditorRequired]
    public ChartFrame Frame { get; set; } = null!;

    private ChartFrame Shown => _paused ?? Frame;

    private void TogglePause() => _paused = _paused is null ? Frame : null;

    private void Enter(int column) => _column = column;

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

        // Spoken when a key asks for it; what changes by itself each second stays silent.
        _spoken = column is { } read
            ? $"{Figures.Time(Shown.From.AddSeconds(read))} UTC: {string.Join(", ", Readout(read).Select(figure => $"{figure.Name} {figure.Value}"))}"
            : "";
    }

    private IEnumerable<(string Name, string Value)> Readout(int column)
    {
        if (Shown.Seconds[column] is not { Figures: { Count: > 0 } figures } second)
        {
            if (Shown.Seconds[column] is { InFlight: > 0 and var hanging })
            {
                yield return ("none answered", "");
                yield return ("under way", Figures.Count(hanging));
            }
            else
            {
                yield return ("no requests", "");
            }

            yield break;
        }

        yield return ("requests", Figures.Count(figures.Count));
        yield return ("200s p50", Figures.Latency(figures.OkLatency?.P50Ms));
        yield return ("200s p95", Figures.Latency(figures.OkLatency?.P95Ms));
        yield return ("500s p95", Figures.Latency(figures.ErrorLatency?.P95Ms));
        yield return ("error rate", Figures.Share(figures.ErrorRate));
        yield return ("under way", Figures.Count(second.InFlight));
    }
}
