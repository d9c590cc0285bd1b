using MockSre.Domain.Traffic;

namespace MockSre.Domain.Tests.Traffic;

public sealed class NearestRankTests
{
    [Theory]
    [InlineData(1, 95, 1)]
    [InlineData(2, 50, 1)]
    [InlineData(19, 95, 19)]
    [InlineData(20, 95, 19)]
    [InlineData(21, 95, 20)]
    [InlineData(25, 95, 24)]
    [InlineData(100, 95, 95)]
    [InlineData(160, 99, 159)]
    [InlineData(10, 100, 10)]
    [InlineData(10, 1, 1)]
    public void Percentile_OfOneToN_IsItsRank(int count, int percent, int expected) =>
        Assert.Equal(expected, Enumerable.Range(1, count).ToList().Percentile(percent));

    [Fact]
    public void Percentile_OfNothing_IsNull() => Assert.Null(Array.Empty<double>().Percentile(95));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(101, 1)]
    [InlineData(95, 0)]
    public void Of_OutOfRange_Throws(int percent, long count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NearestRank.Of(percent, count));
}
