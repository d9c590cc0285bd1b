using System.Net;
using System.Text.Json;
using MockSre.Checks;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.SmallPool;

namespace MockSre.Web.Tests.Api;

public class AdminApiTests(SharedApps apps) : IClassFixture<SharedApps>
{
    [Fact]
    public async Task SetMode_KnownMode_AnswersBeforeAndAfter()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.SetModeAsync("cache_off");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var change = await response.JsonAsync();
        Assert.Equal("none", change.GetProperty("before").GetString());
        Assert.Equal("cache_off", change.GetProperty("after").GetString());
        Assert.Equal(JsonValueKind.Null, change.GetProperty("until").ValueKind);
        using var next = await http.GetProfileAsync(1);
        Assert.Equal("cache_off", next.Header("X-Failure-Mode"));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("NONE")]
    [InlineData("CacheOff")]
    [InlineData("1")]
    public async Task SetMode_UnknownMode_Is400AndListsTheFive(string mode)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.SetModeAsync(mode);

        Assert.Contains(
            "none, cache_off, slow_query, pool_saturation, combined", await response.ProblemAsync(400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("86401")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("soon")]
    public async Task SetMode_BadTtl_Is400AndChangesNothing(string ttl)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.PostAsync($"/admin/failure-mode/combined?ttl_s={ttl}");

        Assert.Contains("1 to 86400", await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal("none", (await http.GetJsonAsync("/admin/failure-mode")).GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(86_400)]
    public async Task SetMode_Ttl_SaysUntilWhen(int ttl)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var response = await http.PostAsync($"/admin/failure-mode/combined?ttl_s={ttl}");

        var change = await response.JsonAsync();
        Assert.Equal(
            TimeSpan.FromSeconds(ttl), change.GetProperty("until").GetDateTimeOffset() - change.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task SetMode_TtlRunsOut_FallsBackToNoneByItself()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        using var set = await http.PostAsync("/admin/failure-mode/cache_off?ttl_s=1");
        var state = await http.GetUntilAsync("/admin/failure-mode", state => state.GetProperty("mode").GetString() == "none");

        Assert.Equal("auto_off", state.GetProperty("source").GetString());
    }

    [Fact]
    public async Task GetMode_Combined_ShowsTraitsAndHistory()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        using var set = await http.SetModeAsync("combined");

        var state = await http.GetJsonAsync("/admin/failure-mode");

        Assert.Equal("combined", state.GetProperty("mode").GetString());
        Assert.Equal("admin_api", state.GetProperty("source").GetString());
        var traits = state.GetProperty("traits").Deserialize<TraitSet>()!;
        Assert.Equal((false, true, 2), (traits[CacheOffFault.Enabled], traits[FullScanFault.Enabled], traits[SmallPoolFault.Limit]));
        Assert.Equal("""{"leases":2,"free_ms":320,"held_ms":270}""", state.GetProperty("traits").GetProperty("export").GetRawText());
        Assert.Equal(FaultCatalog.Settings, traits.Settings);
        Assert.Equal(
            ["none>combined admin_api", ">none startup"],
            state.GetProperty("history").EnumerateArray().Select(change =>
                $"{change.GetProperty("from")}>{change.GetProperty("to")} {change.GetProperty("source")}"));
    }

    [Fact]
    public async Task GetMode_ManyChanges_RemembersTheLastHundred()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        for (var i = 0; i < 105; i++)
        {
            using var set = await http.SetModeAsync("cache_off");
        }

        Assert.Equal(100, (await http.GetJsonAsync("/admin/failure-mode")).GetProperty("history").GetArrayLength());
    }

    [Fact]
    public async Task Reset_Twice_LeavesNothing()
    {
        await using var app = MockSreApp.Start(("FAILURE_MODE", "cache_off"));
        using var http = app.CreateClient();
        using var read = await http.GetProfileAsync(1);

        using var once = await http.PostAsync("/admin/reset");
        using var cold = await http.GetProfileAsync(1);
        using var twice = await http.PostAsync("/admin/reset");
        using var coldAgain = await http.GetProfileAsync(1);

        Assert.Equal(HttpStatusCode.OK, once.StatusCode);
        Assert.Equal(HttpStatusCode.OK, twice.StatusCode);
        Assert.Equal("cache_off", (await once.JsonAsync()).GetProperty("before").GetString());
        Assert.Equal(("none", "miss"), (cold.Header("X-Failure-Mode"), cold.Header("X-Cache")));
        Assert.Equal("miss", coldAgain.Header("X-Cache"));
        Assert.Equal(1, (await http.GetJsonAsync("/api/metrics")).GetProperty("totals").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Reset_LoadRunning_StopsIt()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();
        using var started = await http.PostAsync("/admin/load", new { rate = 50 });
        var id = (await started.JsonAsync()).GetProperty("id").GetString();

        Assert.InRange(
            await ServiceClient.UntilAsync(() => CountAsync(http), count => count >= 20, TimeSpan.FromSeconds(30)), 20, int.MaxValue);

        using var reset = await http.PostAsync("/admin/reset");

        // Requests in flight may still be counted after the reset.
        Assert.Equal("cancelled", (await http.GetJsonAsync($"/admin/load/{id}")).GetProperty("state").GetString());
        Assert.InRange(await CountAsync(http), 0, 5);

        static async Task<int> CountAsync(HttpClient http) =>
            (await http.GetJsonAsync("/api/metrics")).GetProperty("totals").GetProperty("count").GetInt32();
    }

    [Theory]
    [InlineData("POST", "/admin/failure-mode/combined")]
    [InlineData("POST", "/admin/reset")]
    [InlineData("POST", "/admin/load")]
    [InlineData("DELETE", "/admin/load/load-1")]
    public async Task AnyChange_OutsideDemo_Is403(string method, string path)
    {
        var app = await apps.StartAsync(("ENV", "local"));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await http.SendAsync(request);

        Assert.Contains("ENV=demo", await response.ProblemAsync(403), StringComparison.Ordinal);
        Assert.Equal("none", (await http.GetJsonAsync("/admin/failure-mode")).GetProperty("mode").GetString());
    }
}
