using MockSre.Web.WebConsole;

namespace MockSre.Web.Tests.WebConsole;

public class FiguresTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "<0.1 ms")]
    [InlineData(3.24, "3.2 ms")]
    [InlineData(9.94, "9.9 ms")]
    [InlineData(9.95, "10 ms")]
    [InlineData(340.2, "340 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.5, "1.0 s")]
    [InlineData(2100.0, "2.1 s")]
    public void Latency_OfAnySize_KeepsTwoOrThreeDigits(double? ms, string text) => Assert.Equal(text, Figures.Latency(ms));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(62.5, "62.5 ms")]
    [InlineData(250, "250 ms")]
    [InlineData(1000, "1 s")]
    [InlineData(1500, "1.5 s")]
    [InlineData(200_000, "200 s")]
    public void Mark_OfAnAxis_IsShort(double ms, string text) => Assert.Equal(text, Figures.Mark(ms));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0 %")]
    [InlineData(1e-9, "<0.1 %")]
    [InlineData(0.000999, "<0.1 %")]
    [InlineData(0.001, "0.1 %")]
    [InlineData(0.004, "0.4 %")]
    [InlineData(0.0994, "9.9 %")]
    [InlineData(0.0995, "10 %")]
    [InlineData(0.87, "87 %")]
    [InlineData(0.99, "99 %")]
    [InlineData(0.991, ">99 %")]
    [InlineData(0.9999999, ">99 %")]
    [InlineData(1.0, "100 %")]
    public void Share_NearNoneAndAll_IsNeverRoundedToThem(double? share, string text) => Assert.Equal(text, Figures.Share(share));

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(5, "5.0")]
    [InlineData(99.94, "99.9")]
    [InlineData(99.95, "100")]
    [InlineData(1240, "1,240")]
    public void Rate_SmallOrLarge_HasADecimalOrThousands(double rate, string text) => Assert.Equal(text, Figures.Rate(rate));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(12_500, "12,500")]
    public void Count_Thousands_AreParted(long count, string text) => Assert.Equal(text, Figures.Count(count));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(850, "850 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(12_400, "12.4 s")]
    [InlineData(59_940, "59.9 s")]
    [InlineData(59_960, "1 min 0 s")]
    [InlineData(185_000, "3 min 5 s")]
    [InlineData(3_599_000, "59 min 59 s")]
    [InlineData(3_600_000, "1 h 0 min")]
    [InlineData(90_060_000, "25 h 1 min")]
    public void Duration_OfAnyLength_HasTheTwoLargestUnits(double ms, string text) =>
        Assert.Equal(text, Figures.Duration(TimeSpan.FromMilliseconds(ms)));

    [Fact]
    public void Times_OfAnotherZone_AreUtc()
    {
        var at = new DateTimeOffset(2026, 3, 2, 1, 2, 3, 45, TimeSpan.FromHours(2));

        Assert.Equal(
            ("23:02:03", "23:02:03.045", "1 Mar 2026, 23:02:03"), (Figures.Time(at), Figures.Instant(at), Figures.Date(at)));
    }

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(0.00416666, "0.417%")]
    [InlineData(1, "100%")]
    public void Percent_OfCss_HasAPointAndThreeDigits(double share, string text) => Assert.Equal(text, Figures.Percent(share));
}
