using System.Net;

namespace MockSre.Web.Tests.Faults;

/// <summary>The effect of each mode over HTTP, at a tenth of the durations. <c>make check-modes</c> checks the real ones.</summary>
public class ModesTests
{
    [Fact]
    public async Task SlowQuery_FiftyAtOnce_AllAnswer200()
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", "slow_query"));
        using var http = app.CreateClient();

        var statuses = await FireAsync(http, 50, 50);

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task PoolSaturation_FromTheFirstRequestOn_All500()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        using var set = await http.SetModeAsync("pool_saturation");

        using var first = await http.GetProfileAsync(1);
        var rest = await FireAsync(http, 20, 10);

        Assert.Contains("2 of 2 in use", await first.ProblemAsync(500), StringComparison.Ordinal);
        Assert.Equal("pool_saturation", first.Header("X-Failure-Mode"));
        Assert.Equal("bypass", first.Header("X-Cache"));
        Assert.All(rest, status => Assert.Equal(500, status));

        var metrics = await http.GetJsonAsync("/api/metrics");
        Assert.Equal(21, metrics.GetProperty("totals").GetProperty("errors").GetInt32());
        Assert.Equal(21, metrics.GetProperty("totals").GetProperty("pool_timeouts").GetInt32());
        Assert.Equal(21, metrics.GetProperty("pool").GetProperty("timeouts").GetInt32());
        Assert.Equal("activity-export", metrics.GetProperty("pool").GetProperty("longest_held").GetProperty("owner").GetString());
    }

    [Fact]
    public async Task None_RightAfterCombinedUnderLoad_AnswersAndLetsGoOfEveryLease()
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", "combined"));
        using var http = app.CreateClient();
        var load = FireAsync(http, 30, 10);
        await http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("pool").GetProperty("waiting").GetInt32() > 0);

        using var set = await http.SetModeAsync("none");
        using var next = await http.GetProfileAsync(1);

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal("none", next.Header("X-Failure-Mode"));
        Assert.All(await load, status => Assert.True(status is 200 or 500));
        await http.GetUntilAsync("/api/metrics", metrics =>
            metrics.GetProperty("draining").GetProperty("pools").GetInt32() == 0
            && metrics.GetProperty("pool").GetProperty("in_use").GetInt32() == 0);
    }

    [Fact]
    public async Task AnyMode_SwitchedTenTimesUnderLoad_EveryAnswerNamesAModeAndNothingIsLeftBehind()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        var load = FireAsync(http, 200, 20);

        string[] modes = ["cache_off", "slow_query", "pool_saturation", "combined", "none"];
        for (var i = 0; i < 10; i++)
        {
            using var set = await http.SetModeAsync(modes[i % modes.Length]);
            using var health = await http.GetAsync(new Uri("/health", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }

        Assert.All(await load, status => Assert.True(status is 200 or 500));
        var metrics = await http.GetUntilAsync(
            "/api/metrics", metrics => metrics.GetProperty("draining").GetProperty("pools").GetInt32() == 0);
        Assert.Equal(200, metrics.GetProperty("totals").GetProperty("count").GetInt32());
        Assert.Equal(0, metrics.GetProperty("in_flight").GetInt32());
    }

    private static async Task<int[]> FireAsync(HttpClient http, int requests, int concurrency)
    {
        var statuses = new int[requests];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < requests)
            {
                using var response = await http.GetProfileAsync((i % 10) + 1);
                Assert.NotNull(response.Header("X-Failure-Mode"));
                statuses[i] = (int)response.StatusCode;
            }
        }));
        return statuses;
    }
}
