namespace MockSre.Web.WebConsole.Chart;

/// <summary>A latency axis from 0 to a round maximum, with round ticks.</summary>
public sealed record AxisScale(double MaxMs, IReadOnlyList<double> TicksMs)
{
    /// <summary>The smallest maximum, so that the noise of a healthy service is not magnified.</summary>
    public const double LeastMs = 100;

    private const int Parts = 4;

    private static readonly double[] RoundParts = [1, 2, 2.5, 5, 10];

    public static AxisScale For(double highestMs)
    {
        var part = Math.Max(highestMs, LeastMs) / Parts;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(part)));
        var round = RoundParts.First(factor => (factor * magnitude) >= part - 1e-9) * magnitude;
        return new AxisScale(round * Parts, [.. Enumerable.Range(0, Parts + 1).Select(mark => mark * round)]);
    }

    /// <summary>The position of a latency on the axis, from 0 to 1.</summary>
    public double Share(double ms) => Math.Clamp(ms / MaxMs, 0, 1);
}
