using Bunit;
using MockSre.Domain.Profiles;
using MockSre.Domain.Traffic;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class RecentRequestsTests : ComponentTest
{
    private static readonly DateTimeOffset At = new(2026, 3, 12, 10, 0, 1, 234, TimeSpan.Zero);

    [Fact]
    public void Render_NoRequests_SaysHowToMakeSome() =>
        Assert.Contains("None yet.", Show().Find("p").TextContent, StringComparison.Ordinal);

    [Theory]
    [InlineData(200, false, CacheOutcome.Hit, "10:00:01.234|3|200|5.0 ms|hit|combined", false)]
    [InlineData(500, true, CacheOutcome.Bypass, "10:00:01.234|3|500 no connection|5.0 ms|bypass|combined", true)]
    [InlineData(500, false, CacheOutcome.Miss, "10:00:01.234|3|500 failed|5.0 ms|miss|combined", true)]
    [InlineData(499, false, null, "10:00:01.234|3|499 client closed|5.0 ms|–|combined", false)]
    [InlineData(404, false, CacheOutcome.Miss, "10:00:01.234|3|404|5.0 ms|miss|combined", false)]
    public void Render_ARequest_SaysInWordsWhatBecameOfIt(int status, bool timedOut, CacheOutcome? cache, string row, bool bad)
    {
        var requests = Show(new RequestSample(status, TimeSpan.FromMilliseconds(5), cache, 0, timedOut, "3", "combined"));

        Assert.Equal(row, string.Join('|', requests.FindAll("tbody td").Select(cell => cell.TextContent)));
        Assert.Equal(bad, requests.Find("tbody tr").ClassList.Contains("bad"));
    }

    [Fact]
    public void Render_AUserThatIsMarkup_ShowsItAsText()
    {
        var requests = Show(new RequestSample(400, TimeSpan.Zero, null, 0, User: "<script>alert(1)</script>"));

        Assert.Empty(requests.FindAll("script"));
        Assert.Equal("<script>alert(1)</script>", requests.FindAll("tbody td")[1].TextContent);
    }

    private IRenderedComponent<RecentRequests> Show(params RequestSample[] samples) =>
        Render<RecentRequests>(it => it.Add(requests => requests.Requests, [.. samples.Select(sample => new RecentRequest(At, sample))]));
}
