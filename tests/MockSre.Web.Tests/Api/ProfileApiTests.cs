using System.Net;

namespace MockSre.Web.Tests.Api;

public class ProfileApiTests(SharedApps apps) : IClassFixture<SharedApps>
{
    [Fact]
    public async Task GetProfile_SeededUser_HasEveryField()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        var profile = await http.GetJsonAsync("/api/users/profile/1");

        Assert.Equal(
            """
            {"user_id":1,"username":"amber-finch","display_name":"Amber Finch","email":"amber-finch@example.com","plan":"team",
            "joined_at":"2024-02-15T09:00:00Z","last_activity":{"kind":"login","occurred_at":"2026-03-12T08:00:00Z"}}
            """.ReplaceLineEndings(""),
            profile.GetRawText());
    }

    [Fact]
    public async Task GetProfile_AllTenUsers_AreTheSameInEveryDatabaseAndMode()
    {
        await using var one = MockSreApp.Start();
        await using var other = MockSreApp.Start(("FAILURE_MODE", "slow_query"));
        using var toOne = one.CreateClient();
        using var toOther = other.CreateClient();

        for (var userId = 1; userId <= 10; userId++)
        {
            using var found = await toOne.GetProfileAsync(userId);
            using var scanned = await toOther.GetProfileAsync(userId);
            var profile = await found.Content.ReadAsStringAsync();

            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
            Assert.Contains($"\"user_id\":{userId},", profile, StringComparison.Ordinal);
            Assert.Equal(profile, await scanned.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("11")]
    [InlineData("2147483647")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999999999")]
    public async Task GetProfile_UnknownUser_Is404(string userId)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri($"/api/users/profile/{userId}", UriKind.Relative));

        await response.ProblemAsync(404);
        Assert.Equal("none", response.Header("X-Failure-Mode"));
    }

    [Fact]
    public async Task GetProfile_UnknownUser_IsNotCached()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        for (var i = 0; i < 2; i++)
        {
            using var response = await http.GetProfileAsync(404);
            Assert.Equal("miss", response.Header("X-Cache"));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("000")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("abc")]
    [InlineData("%20")]
    [InlineData("1%20")]
    [InlineData("%D9%A1")] // an Arabic digit one
    [InlineData("1;drop")]
    public async Task GetProfile_NotAPositiveWholeNumber_Is400(string userId)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri($"/api/users/profile/{userId}", UriKind.Relative));

        Assert.Contains("positive whole number", await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal("none", response.Header("X-Failure-Mode"));
    }

    [Theory]
    [InlineData("none", "miss,hit,hit")]
    [InlineData("cache_off", "bypass,bypass,bypass")]
    [InlineData("slow_query", "bypass,bypass,bypass")]
    public async Task GetProfile_SameUserAgain_SaysWhatTheCacheDid(string mode, string expected)
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", mode));
        using var http = app.CreateClient();

        var seen = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await http.GetProfileAsync(3);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(mode, response.Header("X-Failure-Mode"));
            seen.Add(response.Header("X-Cache"));
        }

        Assert.Equal(expected, string.Join(",", seen));
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("cache_off", 5)]
    public async Task GetProfile_FiveTimes_ReadsTheDatabaseAsOftenAsTheModeHasIt(string mode, int reads)
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", mode));
        using var http = app.CreateClient();

        for (var i = 0; i < 5; i++)
        {
            using var response = await http.GetProfileAsync(3);
        }

        var metrics = await http.GetJsonAsync("/api/metrics");
        Assert.Equal(reads, metrics.GetProperty("totals").GetProperty("db_reads").GetInt32());
    }

    [Fact]
    public async Task GetProfile_DisableCache_BypassesInModeNone()
    {
        await using var app = MockSreApp.Start(("DISABLE_CACHE", "true"));
        using var http = app.CreateClient();

        using var response = await http.GetProfileAsync(3);

        Assert.Equal("bypass", response.Header("X-Cache"));
        Assert.Equal("none", response.Header("X-Failure-Mode"));
    }

    [Fact]
    public async Task GetProfile_InjectTimeoutErrors_Is500OfItsOwnKind()
    {
        await using var app = MockSreApp.Start(("INJECT_TIMEOUT_ERRORS", "true"));
        using var http = app.CreateClient();

        using var response = await http.GetProfileAsync(3);

        Assert.Contains("deadline of 20 ms", await response.ProblemAsync(500), StringComparison.Ordinal);
        Assert.Equal("none", response.Header("X-Failure-Mode"));
        Assert.Equal("miss", response.Header("X-Cache"));
    }

    [Fact]
    public async Task GetProfile_WrongMethod_IsLabelledToo()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.PostAsync("/api/users/profile/3");

        await response.ProblemAsync(405);
        Assert.Equal("none", response.Header("X-Failure-Mode"));
    }

    [Fact]
    public async Task GetProfile_ClientLeaves_EndsTheScanAndFreesTheConnection()
    {
        // The scan would take minutes, on the only connection of the pool.
        var endless = MockSreApp.Scaled with { ScanRowCost = TimeSpan.FromMilliseconds(20) };
        await using var app = MockSreApp.Start(endless, ("FAILURE_MODE", "slow_query"), ("DB_POOL_LIMIT", "1"));
        using var http = app.CreateClient();

        using var leave = new CancellationTokenSource();
        var request = http.GetAsync(new Uri("/api/users/profile/1", UriKind.Relative), leave.Token);
        await http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("pool").GetProperty("in_use").GetInt32() == 1);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        var after = await http.GetUntilAsync("/api/metrics", metrics => metrics.GetProperty("in_flight").GetInt32() == 0);
        Assert.Equal(0, after.GetProperty("pool").GetProperty("in_use").GetInt32());
        Assert.Equal(1, after.GetProperty("totals").GetProperty("cancelled").GetInt32());
        Assert.Equal(0, after.GetProperty("totals").GetProperty("count").GetInt32());
    }
}
