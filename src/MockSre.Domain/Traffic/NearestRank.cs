namespace MockSre.Domain.Traffic;

/// <summary>Percentiles by nearest rank. The result is always one of the values.</summary>
public static class NearestRank
{
    /// <summary>The rank of a percentile, from 1 to <paramref name="count"/>, without rounding errors.</summary>
    /// <param name="percent">1 to 100.</param>
    /// <param name="count">At least 1.</param>
    public static long Of(int percent, long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return ((percent * count) + 99) / 100;
    }

    /// <param name="percent">1 to 100.</param>
    /// <returns>Null without values.</returns>
    public static T? Percentile<T>(this IReadOnlyList<T> ascending, int percent)
        where T : struct => ascending.Count == 0 ? null : ascending[(int)Of(percent, ascending.Count) - 1];
}
