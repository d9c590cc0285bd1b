using System.Net;

namespace MockSre.Web.Tests.Http;

public class CrossOriginTests(SharedApps apps) : IClassFixture<SharedApps>
{
    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:9999")]
    [InlineData("Origin", "http://localhost.evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "anything")]
    public async Task Change_FromAnotherOrigin_Is403AndChangesNothing(string header, string value)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/failure-mode/combined");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(403);
        Assert.Equal("none", (await http.GetJsonAsync("/admin/failure-mode")).GetProperty("mode").GetString());
    }

    [Theory]
    [InlineData("DELETE", "/admin/load/load-1")]
    [InlineData("PUT", "/admin/reset")]
    [InlineData("PATCH", "/api/users/profile/1")]
    public async Task AnyUnsafeMethod_FromAnotherOrigin_Is403(string method, string path)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(403);
    }

    [Theory]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("User-Agent", "curl/8")]
    public async Task Change_FromOwnPageOrProgram_IsMade(string header, string value)
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/failure-mode/cache_off");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("https://demo.example:8443", 200)]
    [InlineData("https://DEMO.example:8443", 200)]
    [InlineData("http://localhost", 200)]
    [InlineData("https://demo.example", 403)]
    [InlineData("http://demo.example:8443", 403)]
    [InlineData("https://demo.example.evil.example:8443", 403)]
    [InlineData("https://sub.demo.example:8443", 403)]
    public async Task Change_FromThePublicUrl_IsMade(string origin, int status)
    {
        var app = await apps.StartAsync(("PUBLIC_URL", "https://demo.example:8443/mocksre/"), ("ADMIN_TOKEN", "a-token"));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/failure-mode/cache_off");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Authorization", "Bearer a-token");

        using var response = await http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Refusal_OfAnotherOrigin_NamesTheSettingsThatMendIt()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "http://demo.example");

        using var response = await http.SendAsync(request);

        var detail = await response.ProblemAsync(403);
        Assert.Contains("PUBLIC_URL", detail, StringComparison.Ordinal);
        Assert.Contains("FORWARDED_HEADERS", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_FromAnotherOrigin_IsAllowed()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("Access-Control-Allow-Origin"));
    }
}
