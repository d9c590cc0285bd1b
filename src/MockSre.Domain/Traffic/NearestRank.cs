namespace MockSre.Domain.Traffic;

/// <summary>Percentiles by nearest rank. The result is always a value that occurred.</summary>
public static class NearestRank
{
    /// <summary>The rank of a percentile, from 1 to <paramref name="count"/>. Whole numbers keep a rounding error from moving it.</summary>
    /// <param name="percent">1 to 100.</param>
    /// <param name="count">The number of values, from 1.</param>
    public static long Of(int percent, long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return ((percent * count) + 99) / 100;
    }

    /// <summary>A percentile of sorted values.</summary>
    /// <param name="ascending">The values, smallest first.</param>
    /// <param name="percent">1 to 100.</param>
    /// <returns>Null without values.</returns>
    public static T? Percentile<T>(this IReadOnlyList<T> ascending, int percent)
        where T : struct => ascending.Count == 0 ? null : ascending[(int)Of(percent, ascending.Count) - 1];
}
