namespace MockSre.Web.WebConsole.Chart;

/// <summary>A latency axis from zero to a round number, with a few round marks.</summary>
/// <param name="MaxMs">Where it ends, in milliseconds.</param>
/// <param name="TicksMs">The marks, from zero to the end.</param>
public sealed record AxisScale(double MaxMs, IReadOnlyList<double> TicksMs)
{
    /// <summary>The shortest axis, in milliseconds: a healthy service is a calm line near its foot, not noise blown up.</summary>
    public const double LeastMs = 100;

    private const int Parts = 4;

    private static readonly double[] RoundParts = [1, 2, 2.5, 5, 10];

    /// <summary>The shortest axis that holds a latency.</summary>
    /// <param name="highestMs">The highest latency to show, in milliseconds.</param>
    public static AxisScale For(double highestMs)
    {
        var part = Math.Max(highestMs, LeastMs) / Parts;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(part)));
        var round = RoundParts.First(factor => (factor * magnitude) >= part - 1e-9) * magnitude;
        return new AxisScale(round * Parts, [.. Enumerable.Range(0, Parts + 1).Select(mark => mark * round)]);
    }

    /// <summary>How high a latency stands, 0 at the foot to 1 at the end.</summary>
    public double Share(double ms) => Math.Clamp(ms / MaxMs, 0, 1);
}
