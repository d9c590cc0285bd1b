using System.Text;

namespace MockSre.Web.WebConsole.Chart;

/// <summary>SVG paths with one column per second. Heights count from the bottom, SVG's y from the top.</summary>
internal static class SvgPath
{
    /// <summary>A line through neighbouring columns, and dots for single columns: zero-length lines with round caps.</summary>
    public static ChartLine Line(IReadOnlyList<MetricsSecond?> seconds, Func<MetricsSecond, double?> height)
    {
        var heights = seconds.Select(second => second is null ? null : height(second)).ToArray();
        var line = new StringBuilder();
        var dots = new StringBuilder();
        for (var column = 0; column < heights.Length; column++)
        {
            if (heights[column] is not { } value)
            {
                continue;
            }

            var begins = column == 0 || heights[column - 1] is null;
            var ends = column == heights.Length - 1 || heights[column + 1] is null;
            (begins && ends ? dots : line).Append(
                CultureInfo.InvariantCulture,
                $"{(begins ? "M" : "L")}{column}.5 {ChartFrame.Height - value:0.##}{(begins && ends ? "h0" : "")}");
        }

        return new ChartLine(line.ToString(), dots.ToString());
    }

    /// <summary>A bar for each column with a height, slightly narrower than the column.</summary>
    public static string Bars(IReadOnlyList<MetricsSecond?> seconds, Func<MetricsSecond, double?> height)
    {
        var path = new StringBuilder();
        for (var column = 0; column < seconds.Count; column++)
        {
            if (seconds[column] is { } second && height(second) is { } value and > 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{column}.1 {ChartFrame.Height}v-{value:0.##}h.8v{value:0.##}z");
            }
        }

        return path.ToString();
    }
}
