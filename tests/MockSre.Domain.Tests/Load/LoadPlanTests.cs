using MockSre.Domain.Load;

namespace MockSre.Domain.Tests.Load;

public sealed class LoadPlanTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10_000, 100)]
    public void ClosedLoop_WithinItsRanges_IsTaken(int requests, int concurrency)
    {
        var plan = new LoadPlan.ClosedLoop(requests, concurrency);

        Assert.Equal((requests, concurrency), (plan.Requests, plan.Concurrency));
    }

    [Theory]
    [InlineData(0, 1, "requests must be from 1 to 10000")]
    [InlineData(-1, 1, "requests must be from 1 to 10000")]
    [InlineData(10_001, 1, "requests must be from 1 to 10000")]
    [InlineData(1, 0, "concurrency must be from 1 to 100")]
    [InlineData(1, 101, "concurrency must be from 1 to 100")]
    public void ClosedLoop_OutsideItsRanges_Throws(int requests, int concurrency, string message) =>
        Assert.StartsWith(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(() => new LoadPlan.ClosedLoop(requests, concurrency)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0.1)]
    [InlineData(200)]
    public void OpenLoop_WithinItsRange_IsTaken(double rate) => Assert.Equal(rate, new LoadPlan.OpenLoop(rate).Rate);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.099)]
    [InlineData(200.001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void OpenLoop_OutsideItsRange_Throws(double rate) =>
        Assert.StartsWith(
            "rate must be from 0.1 to 200",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LoadPlan.OpenLoop(rate)).Message,
            StringComparison.Ordinal);
}
