using System.Text.Json;

namespace MockSre.Web.Tests.Api;

public class MetricsApiTests
{
    [Fact]
    public async Task GetMetrics_NoRequests_HasNullsNotZeros()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();

        var metrics = await http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("seconds").GetArrayLength() > 0);

        var second = metrics.GetProperty("seconds")[0];
        Assert.Equal(0, second.GetProperty("count").GetInt32());
        foreach (var name in new[] { "error_rate", "p50_ms", "p95_ms", "p99_ms", "ok_p50_ms", "ok_p95_ms", "ok_p99_ms" })
        {
            Assert.Equal(JsonValueKind.Null, second.GetProperty(name).ValueKind);
            Assert.Equal(JsonValueKind.Null, metrics.GetProperty("totals").GetProperty(name).ValueKind);
        }

        Assert.Equal(
            """{"in_use":0,"waiting":0,"limit":20,"timeouts":0,"longest_held":null}""",
            metrics.GetProperty("pool").GetRawText());
    }

    [Fact]
    public async Task GetMetrics_RightAfterAnAnswer_HasCountedIt()
    {
        await using var app = MockSreApp.StartOnSocket(("DB_POOL_LIMIT", "7"));
        using var http = app.CreateClient();

        for (var i = 1; i <= 20; i++)
        {
            using var profile = await http.GetProfileAsync((i % 5) + 1);
            using var unknown = await http.GetProfileAsync(99);
            var totals = (await http.GetJsonAsync("/api/metrics")).GetProperty("totals");
            Assert.Equal(2 * i, totals.GetProperty("count").GetInt32());
            Assert.Equal(i, totals.GetProperty("ok_count").GetInt32());
            Assert.Equal(0, totals.GetProperty("errors").GetInt32());
        }

        Assert.Equal(7, (await http.GetJsonAsync("/api/metrics")).GetProperty("pool").GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task GetMetrics_AfterASecond_HasItInTheList()
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", "pool_saturation"));
        using var http = app.CreateClient();
        using var failed = await http.GetProfileAsync(1);

        var metrics = await http.GetUntilAsync(
            "/api/metrics",
            metrics => metrics.GetProperty("seconds").EnumerateArray().Any(second => second.GetProperty("count").GetInt32() == 1));

        var second = metrics.GetProperty("seconds").EnumerateArray().Single(second => second.GetProperty("count").GetInt32() == 1);
        Assert.Equal(1, second.GetProperty("error_rate").GetDouble());
        Assert.InRange(second.GetProperty("p50_ms").GetDouble(), 95, 5000);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("ok_p50_ms").ValueKind);
        Assert.Equal(1, metrics.GetProperty("last_minute").GetProperty("errors").GetInt32());
    }

    [Fact]
    public async Task GetMetrics_OtherEndpoints_AreNotCounted()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();

        using var health = await http.GetAsync(new Uri("/health", UriKind.Relative));
        using var wrongMethod = await http.PostAsync("/api/users/profile/1");

        Assert.Equal(0, (await http.GetJsonAsync("/api/metrics")).GetProperty("totals").GetProperty("count").GetInt32());
    }
}
