using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using MockSre.Web.Http;
using MockSre.Web.Tests.Access;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>Errors are pages for browsers and problem details for programs.</summary>
public sealed class ErrorPagesTests(TokenAppFixture fixture) : IClassFixture<TokenAppFixture>
{
    private const string Chromium = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData("GET", "/nope-page", "localhost", null, 404)]
    [InlineData("GET", "/incidents/nope/nope", "localhost", null, 404)]
    [InlineData("GET", "/", "evil.example", null, 400)]
    [InlineData("POST", "/session/sign-in", "localhost", "http://evil.example", 403)]
    [InlineData("DELETE", "/signals", "localhost", null, 405)]
    [InlineData("POST", "/signals", "localhost", null, 405)]
    [InlineData("POST", "/", "localhost", null, 405)]
    public async Task Error_InABrowser_IsAPageWithAWayBack(string method, string path, string host, string? origin, int status)
    {
        using var response = await SendAsync(method, path, Chromium, host, origin);

        Assert.Equal((status, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(ContentPolicy.Strict, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains("<base href=\"/\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"./\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("trace_id", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nope-page", "*/*")]
    [InlineData("/nope-page", null)]
    [InlineData("/docs/nope", null)]
    [InlineData("/nope-page", "application/json")]
    [InlineData("/nope-page", "application/problem+json")]
    [InlineData("/nope-page", "application/json,text/html;q=0.9")]
    [InlineData("/nope-page", "text/html;q=0,*/*")]
    [InlineData("/nope-page", "image/png")]
    [InlineData("/nope-page", "not a media type")]
    [InlineData("/api/nope", Chromium)]
    [InlineData("/api/nope", "text/html")]
    [InlineData("/admin/load", Chromium)]
    [InlineData("/openapi/nope.json", Chromium)]
    [InlineData("/health/nope", Chromium)]
    [InlineData("/metrics", Chromium)]
    public async Task Error_ForAProgramOrOfAnAddressForPrograms_IsAProblem(string path, string? accept)
    {
        using var response = await SendAsync("GET", path, accept);

        Assert.False(response.IsSuccessStatusCode);
        await response.ProblemAsync((int)response.StatusCode);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/html,application/json;q=0.9")]
    [InlineData("application/json;q=0.5,text/html")]
    public async Task Error_ForAClientThatPrefersPages_IsAPage(string accept)
    {
        using var response = await SendAsync("GET", "/nope-page", accept);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Page_OfAFailure_HasThePolicyAndNothingOfTheInside()
    {
        await using var app = MockSreApp.Start();
        await using var broken = app.WithWebHostBuilder(
            builder => builder.ConfigureTestServices(services => services.AddSingleton<IAntiforgery, BrokenForms>()));
        using var http = broken.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/session/sign-in")
        {
            Content = new FormUrlEncodedContent([new("token", "x")]),
        };
        request.Headers.TryAddWithoutValidation("Accept", Chromium);

        using var response = await http.SendAsync(request);

        Assert.Equal(
            (HttpStatusCode.InternalServerError, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(ContentPolicy.Strict, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.DoesNotContain("secret inside", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problem_WrittenForABrowser_IsAPageWithItsTitleAndDetail()
    {
        using var scope = fixture.App.Services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Response = { Body = new MemoryStream() } };
        context.Request.Method = "GET";
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost");
        context.Request.Path = "/";
        context.Request.Headers.Accept = Chromium;

        await context.WriteProblemAsync(StatusCodes.Status503ServiceUnavailable, "Too many consoles", "Close <one>.");

        context.Response.Body.Position = 0;
        using var reader = new StreamReader(context.Response.Body);
        var page = await reader.ReadToEndAsync();
        Assert.Equal((503, "text/html; charset=utf-8"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Contains("Too many consoles", page, StringComparison.Ordinal);
        Assert.Contains("Close &lt;one&gt;.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAPathWithMarkup_ShowsItAsText()
    {
        using var response = await SendAsync("GET", "/<script>alert(1)</script>", Chromium);

        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAnError_ServesItsScriptAndTheWayBack()
    {
        foreach (var address in new[] { "/console.js", "/favicon.svg", "/", "/docs/" })
        {
            using var response = await SendAsync("GET", address, "*/*");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? accept, string host = "localhost", string? origin = null)
    {
        using var http = fixture.App.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Host = host;
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await http.SendAsync(request);
    }

    private sealed class BrokenForms : IAntiforgery
    {
        public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => throw new InvalidOperationException("secret inside");

        public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => throw new InvalidOperationException("secret inside");

        public Task<bool> IsRequestValidAsync(HttpContext httpContext) => throw new InvalidOperationException("secret inside");

        public void SetCookieTokenAndHeader(HttpContext httpContext)
        {
        }

        public Task ValidateRequestAsync(HttpContext httpContext) => Task.CompletedTask;
    }
}
