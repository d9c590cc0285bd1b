using System.Net;
using System.Text;
using System.Text.Json;

namespace MockSre.Web.Tests.Load;

public class LoadApiTests(SharedApps apps) : IClassFixture<SharedApps>
{
    [Fact]
    public async Task Start_FiftyRequests_AreSentOverHttpAndCounted()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();

        using var started = await http.PostAsync("/admin/load", new { requests = 50, concurrency = 10 });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var id = (await started.JsonAsync()).GetProperty("id").GetString();
        Assert.Equal($"/admin/load/{id}", started.Headers.Location?.OriginalString);

        var load = await http.GetUntilAsync($"/admin/load/{id}", load => load.GetProperty("state").GetString() == "completed");
        Assert.Equal(50, load.GetProperty("by_status").GetProperty("200").GetInt32());
        Assert.Equal(1, load.GetProperty("progress").GetDouble());
        Assert.Equal(0, load.GetProperty("in_flight").GetInt32());
        Assert.True(load.GetProperty("latency").GetProperty("p95_ms").GetDouble() > 0);

        var totals = (await http.GetJsonAsync("/api/metrics")).GetProperty("totals");
        Assert.Equal(50, totals.GetProperty("count").GetInt32());
        Assert.Equal(50, totals.GetProperty("cache_hits").GetInt32() + totals.GetProperty("cache_misses").GetInt32());
    }

    [Fact]
    public async Task Start_InPoolSaturation_TellsErrorsFromAnswers()
    {
        await using var app = MockSreApp.StartOnSocket(("FAILURE_MODE", "pool_saturation"));
        using var http = app.CreateClient();

        using var started = await http.PostAsync("/admin/load", new { requests = 10 });
        var load = await http.GetUntilAsync("/admin/load/load-1", load => load.GetProperty("state").GetString() == "completed");

        Assert.Equal(10, load.GetProperty("by_status").GetProperty("500").GetInt32());
        Assert.True(load.GetProperty("latency").GetProperty("p50_ms").GetDouble() >= 95);
        Assert.Equal(JsonValueKind.Null, load.GetProperty("ok_latency").ValueKind);
    }

    [Fact]
    public async Task Start_NoBody_MeansFiftyRequestsTenAtATime()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();

        using var started = await http.PostAsync("/admin/load");

        var load = await started.JsonAsync();
        Assert.Equal(50, load.GetProperty("requests").GetInt32());
        Assert.Equal(10, load.GetProperty("concurrency").GetInt32());
    }

    [Fact]
    public async Task Start_OneOfEachKind_RunTogetherAndNoMore()
    {
        await using var app = MockSreApp.StartOnSocket(("FAILURE_MODE", "pool_saturation"));
        using var http = app.CreateClient();

        using var open = await http.PostAsync("/admin/load", new { rate = 5 });
        using var closed = await http.PostAsync("/admin/load", new { requests = 10_000, concurrency = 1 });
        using var secondOpen = await http.PostAsync("/admin/load", new { rate = 1 });
        using var secondClosed = await http.PostAsync("/admin/load", new { requests = 1, concurrency = 1 });

        Assert.Equal(HttpStatusCode.Accepted, open.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, closed.StatusCode);
        Assert.Contains("load-1", await secondOpen.ProblemAsync(409), StringComparison.Ordinal);
        Assert.Contains("load-2", await secondClosed.ProblemAsync(409), StringComparison.Ordinal);
        Assert.Equal(
            ["load-2", "load-1"],
            (await http.GetJsonAsync("/admin/load")).EnumerateArray().Select(load => load.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Cancel_RunningLoad_StopsItAndSaysHowFarItCame()
    {
        await using var app = MockSreApp.StartOnSocket(("FAILURE_MODE", "pool_saturation"));
        using var http = app.CreateClient();
        using var started = await http.PostAsync("/admin/load", new { requests = 10_000, concurrency = 100 });

        using var cancelled = await http.DeleteAsync(new Uri("/admin/load/load-1", UriKind.Relative));
        using var again = await http.DeleteAsync(new Uri("/admin/load/load-1", UriKind.Relative));

        var load = await cancelled.JsonAsync();
        Assert.Equal("cancelled", load.GetProperty("state").GetString());
        Assert.Equal(0, load.GetProperty("in_flight").GetInt32());
        Assert.True(load.GetProperty("progress").GetDouble() < 1);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var next = await http.PostAsync("/admin/load", new { requests = 1 });
        Assert.Equal(HttpStatusCode.Accepted, next.StatusCode);
    }

    [Theory]
    [InlineData("""{"requests":0}""", "requests must be from 1 to 10000")]
    [InlineData("""{"requests":10001}""", "requests must be from 1 to 10000")]
    [InlineData("""{"concurrency":0}""", "concurrency must be from 1 to 100")]
    [InlineData("""{"concurrency":101}""", "concurrency must be from 1 to 100")]
    [InlineData("""{"rate":0}""", "rate must be from 0.1 to 200")]
    [InlineData("""{"rate":200.5}""", "rate must be from 0.1 to 200")]
    [InlineData("""{"rate":5,"requests":50}""", "not both")]
    [InlineData("""{"rate":5,"concurrency":5}""", "not both")]
    [InlineData("""{"requests":"50"}""", "requests")]
    [InlineData("""{"requests":1.5}""", "requests")]
    [InlineData("""{"requsts":50}""", "requsts is not known")]
    [InlineData("""{"Requests":50}""", "Requests is not known")]
    [InlineData("""{"requests":""", "not JSON")]
    [InlineData("""{"requests":1,"requests":2}""", "requests is given twice")]
    [InlineData("[]", "another type")]
    [InlineData("null", "null")]
    public async Task Start_BadBody_Is400AndSaysWhy(string body, string reason)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(new Uri("/admin/load", UriKind.Relative), content);

        Assert.Contains(reason, await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal(0, (await http.GetJsonAsync("/admin/load")).GetArrayLength());
    }

    [Fact]
    public async Task Start_NotJson_Is415AndSaysWhatToSend()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var content = new StringContent("requests=50", Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await http.PostAsync(new Uri("/admin/load", UriKind.Relative), content);

        Assert.Contains("application/json", await response.ProblemAsync(415), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_HugeBody_Is413()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();
        using var content = new StringContent("{\"requests\":" + new string(' ', 20_000) + "5}", Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(new Uri("/admin/load", UriKind.Relative), content);

        Assert.Contains("16384 bytes", await response.ProblemAsync(413), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task UnknownLoad_Is404(string method)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/admin/load/load-99");

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(404);
    }
}
