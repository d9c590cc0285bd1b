using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MockSre.Checks;
using MockSre.Web.SentryClient;

namespace MockSre.Web.Tests.SentryClient;

public sealed class SentryApiClientTests : IAsyncLifetime
{
    private readonly WaitingClock _clock = new();
    private readonly StringBuilder _output = new();
    private FakeSentry _sentry = null!;

    public async Task InitializeAsync() => _sentry = await FakeSentry.StartAsync();

    public async Task DisposeAsync() => await _sentry.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Call_TooManyRequests_WaitsAsAskedAndTriesAgain(string method)
    {
        var asked = new Queue<string>(["7", _clock.GetUtcNow().AddSeconds(20).ToString("R", CultureInfo.InvariantCulture), "3600", ""]);
        _sentry.Instead = context =>
        {
            context.Response.Headers.RetryAfter = asked.Count > 0 ? asked.Dequeue() : "";
            return _sentry.Requests.Count < SentryApiClient.MaxAttempts ? FakeSentry.Json(429, "{}") : FakeSentry.Json(200, "[]");
        };
        using var client = Client();

        var call = CallAsync(client, method);
        TimeSpan[] waits = [await _clock.PassAsync(), await _clock.PassAsync(), await _clock.PassAsync(), await _clock.PassAsync()];
        await call;

        // Second wait: an HTTP date has whole seconds, and 7 of the 20 have passed. Third: no wait is longer than a minute.
        // Fourth: without a header the wait doubles with each attempt.
        Assert.Equal([7, 12.211, 60, 8], waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(SentryApiClient.MaxAttempts, _sentry.Requests.Count);
        Assert.Equal(4, _output.ToString().Split("trying again").Length - 1);
    }

    [Fact]
    public async Task Call_TooManyRequestsForGood_GivesUp()
    {
        _sentry.Instead = _ => FakeSentry.Json(429, """{"detail":"You are attempting to use this endpoint too frequently."}""");
        using var client = Client();

        var call = CallAsync(client, "POST");
        for (var i = 1; i < SentryApiClient.MaxAttempts; i++)
        {
            await _clock.PassAsync();
        }

        var line = await RefusedAsync(call);
        Assert.Contains("429 5 times: You are attempting", line, StringComparison.Ordinal);
        Assert.Contains("later", line, StringComparison.Ordinal);
        Assert.Equal(SentryApiClient.MaxAttempts, _sentry.Requests.Count);
    }

    [Theory]
    [InlineData("GET", SentryApiClient.MaxAttempts)]
    [InlineData("PUT", SentryApiClient.MaxAttempts)]
    [InlineData("POST", 1)]
    public async Task Call_ServerError_IsRepeatedWhereNothingCanBeMadeTwice(string method, int attempts)
    {
        _sentry.Instead = _ => Results.Text("<html>Bad gateway</html>", "text/html", statusCode: 502);
        using var client = Client();

        var call = CallAsync(client, method);
        for (var i = 1; i < attempts; i++)
        {
            Assert.Equal(TimeSpan.FromSeconds(1 << (i - 1)), await _clock.PassAsync());
        }

        Assert.Contains("502", await RefusedAsync(call), StringComparison.Ordinal);
        Assert.Equal(attempts, _sentry.Requests.Count);
    }

    [Theory]
    [InlineData(
        401,
        """{"detail":"Invalid token"}""",
        "401: Invalid token. Check that SENTRY_AUTH_TOKEN is valid, belongs to SENTRY_ORG and has the scopes it needs.")]
    [InlineData(403, """{"detail":{"code":"x","message":"No permission."}}""", "403: No permission. Check that SENTRY_AUTH_TOKEN")]
    [InlineData(
        404,
        """{"detail":"The requested resource does not exist"}""",
        "404: The requested resource does not exist. Check SENTRY_ORG, SENTRY_PROJECT and SENTRY_URL.")]
    [InlineData(400, """{"projects":["Invalid project ids or slugs"]}""", "400: {\"projects\":[\"Invalid project ids or slugs\"]}.")]
    [InlineData(400, """["Not so."]""", "400: [\"Not so.\"].")]
    [InlineData(400, """{"name":["sntryu_\u00733cret"]}""", "400: {\"name\":[\"…\"]}.")]
    [InlineData(400, """{"detail":"sntryu_s3\u0000cret or sntryu_s3\u202ecret"}""", "400: … or ….")]
    [InlineData(404, "<html>no</html>", "404. Check")]
    [InlineData(409, "{\"detail\":\"one\\ntwo\\u001b[31m\"}", "409: one two[31m.")]
    [InlineData(418, """{"detail":7}""", "418: 7.")]
    [InlineData(400, """{"detail":"half of a pair: \ud800"}""", "400.")]
    public async Task Call_Refused_SaysWhatSentrySaidAndWhatToCheck(int status, string body, string expected)
    {
        _sentry.Instead = _ => FakeSentry.Json(status, body);
        using var client = Client();

        var line = await RefusedAsync(CallAsync(client, "POST"));

        Assert.StartsWith($"POST {_sentry.Url}/api/0/organizations/acme/releases/ was answered {expected}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_RefusedAtLengthWithTheToken_IsCutAndWithoutIt()
    {
        _sentry.Instead = context => FakeSentry.Json(
            403, JsonSerializer.Serialize(new { detail = $"{context.Request.Headers.Authorization} {new string('x', 10_000)}" }));
        using var client = Client();

        var line = await RefusedAsync(CallAsync(client, "GET"));

        Assert.Contains("Bearer … xxx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 300, 700);
    }

    [Theory]
    [InlineData("https://acme.sentry.io/auth/?key=s3cret", "https://acme.sentry.io/auth/")]
    [InlineData("/auth/login/?next=s3cret", "/auth/login/")]
    public async Task Call_Redirected_SaysWhereAndDoesNotFollow(string location, string shown)
    {
        _sentry.Instead = _ => Results.Redirect(location);
        using var client = Client();

        var line = await RefusedAsync(CallAsync(client, "GET"));

        Assert.Contains($"It leads to {shown}; set SENTRY_URL", line, StringComparison.Ordinal);
        Assert.Single(_sentry.Requests);
    }

    [Theory]
    [InlineData("GET", "text/html", "<html>Welcome</html>")]
    [InlineData("POST", "text/html", "<html>Welcome</html>")]
    [InlineData("GET", "application/json", "<html>Welcome</html>")]
    [InlineData("GET", "application/json", """{"detail":"no list"}""")]
    [InlineData("GET", "application/json", "null")]
    [InlineData("GET", "application/json", "[null]")]
    [InlineData("GET", "application/json", """[{"a":"1","a":"2"}]""")]
    [InlineData("PUT", "application/json", "")]
    public async Task Call_AnsweredWithSomethingElse_SaysSo(string method, string type, string body)
    {
        _sentry.Instead = _ => Results.Text(body, type, statusCode: 200);
        using var client = Client();

        var line = await RefusedAsync(CallAsync(client, method));

        Assert.Contains("200, but not with the JSON", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_RefusedInAnUnknownEncoding_SaysWhatSentrySaid()
    {
        _sentry.Instead = _ => new Raw(400, "application/json; charset=klingon", """{"detail":"Not so."}""");
        using var client = Client();

        var line = await RefusedAsync(CallAsync(client, "PUT"));

        Assert.EndsWith("400: Not so.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NobodyThere_SaysSo()
    {
        await using var nobody = SentryStub.Refusing();
        var there = new Uri(nobody.Dsn).Authority;
        var variables = _sentry.Variables;
        variables["SENTRY_URL"] = $"http://{there}";
        using var client = new SentryApiClient(
            SentryAccess.Read(variables.GetValueOrDefault, out _), "", _clock, new StringWriter(_output));

        var line = await RefusedAsync(CallAsync(client, "POST"));

        Assert.Contains($"{there}/api/0/organizations/acme/releases/ failed: Connection refused", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NoAnswer_SaysSo()
    {
        var never = new TaskCompletionSource();
        _sentry.Instead = _ => new Silence(never.Task);
        using var client = new SentryApiClient(_sentry.Access, "", _clock, new StringWriter(_output))
        {
            Timeout = TimeSpan.FromMilliseconds(200),
        };

        var line = await RefusedAsync(CallAsync(client, "GET"));
        never.SetResult();

        Assert.Contains("not answered within 0.2 s", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NeverEnds_GivesUpAndStaysWithThisSentry()
    {
        _sentry.Instead = context =>
        {
            context.Response.Headers.Append(
                "Link", "<http://elsewhere.invalid/?cursor=1:0:1>; rel=\"previous\"; results=\"true\"; cursor=\"1:0:1\"");
            context.Response.Headers.Append(
                "Link", "<http://elsewhere.invalid/?cursor=1:2:0>; rel=\"next\"; results=\"true\"; cursor=\"1:2:0\"");
            return FakeSentry.Json(200, "[{}]");
        };
        using var client = Client();

        var line = await RefusedAsync(CallAsync(client, "GET"));

        Assert.Contains("100 pages", line, StringComparison.Ordinal);
        Assert.Equal(100, _sentry.Requests.Count);
        Assert.EndsWith("?projectSlug=mock-sre&cursor=1%3A2%3A0", _sentry.Requests.Last().Path, StringComparison.Ordinal);
    }

    private static async Task CallAsync(SentryApiClient client, string method)
    {
        switch (method)
        {
            case "POST":
                await client.PostAsync("releases/", new { version = "1" });
                break;
            case "PUT":
                await client.PutAsync("releases/", new { version = "1" });
                break;
            default:
                await foreach (var item in client.ListAsync<Dictionary<string, string>>("releases/"))
                {
                    Assert.Empty(item);
                }

                break;
        }
    }

    private static async Task<string> RefusedAsync(Task call)
    {
        var refused = await Assert.ThrowsAsync<SentryApiException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
        return refused.Message;
    }

    private SentryApiClient Client() => new(_sentry.Access, "the scopes it needs", _clock, new StringWriter(_output));

    private sealed class Raw(int status, string type, string body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = type;
            await httpContext.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        }
    }

    private sealed class Silence(Task end) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => end;
    }
}
