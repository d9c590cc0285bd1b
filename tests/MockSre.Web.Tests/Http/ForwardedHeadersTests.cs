using System.Net;
using System.Net.Http.Headers;
using MockSre.Web.Access;
using MockSre.Web.Tests.Access;

namespace MockSre.Web.Tests.Http;

/// <summary>Which clients' <c>X-Forwarded-*</c> headers are trusted. The clients of these tests come from 127.0.0.1.</summary>
public sealed class ForwardedHeadersTests
{
    private const string Token = "correct-horse-battery-staple";

    [Theory]
    [InlineData("127.0.0.1", 401)]
    [InlineData("10.0.0.0/8,127.0.0.0/8", 401)]
    [InlineData("10.0.0.0/8", 429)]
    [InlineData("", 429)]
    public async Task WrongTokens_FromSeveralClientsOfAProxy_CountForEachIfItIsTrusted(string forwarders, int other)
    {
        await using var app = MockSreApp.StartOnSocket(("FORWARDED_HEADERS", forwarders), ("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        for (var guess = 0; guess < AdminAccess.WrongTokenLimit; guess++)
        {
            Assert.Equal(401, await GuessAsync(http, "192.0.2.1"));
        }

        Assert.Equal((429, other), (await GuessAsync(http, "192.0.2.1"), await GuessAsync(http, "192.0.2.2")));
    }

    [Fact]
    public async Task WrongTokens_WithAnAddressThatTheClientMadeUp_CountForTheOneThatTheProxySaw()
    {
        await using var app = MockSreApp.StartOnSocket(("FORWARDED_HEADERS", "127.0.0.1"), ("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        for (var guess = 0; guess < AdminAccess.WrongTokenLimit; guess++)
        {
            Assert.Equal(401, await GuessAsync(http, $"203.0.113.{guess}, 192.0.2.1"));
        }

        Assert.Equal(429, await GuessAsync(http, "203.0.113.99, 192.0.2.1"));
    }

    [Fact]
    public async Task WrongTokens_ThroughAChainOfTrustedProxies_CountForTheClient()
    {
        await using var app = MockSreApp.StartOnSocket(("FORWARDED_HEADERS", "127.0.0.1,10.0.0.0/8"), ("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        for (var guess = 0; guess < AdminAccess.WrongTokenLimit; guess++)
        {
            Assert.Equal(401, await GuessAsync(http, "192.0.2.1, 10.0.0.1, 10.0.0.2"));
        }

        Assert.Equal((429, 401), (await GuessAsync(http, "192.0.2.1, 10.0.0.1"), await GuessAsync(http, "192.0.2.2, 10.0.0.1")));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("", false)]
    public async Task Host_OfThePage_IsTheForwardedOneIfTheProxyIsTrusted(string forwarders, bool believed)
    {
        await using var app = MockSreApp.StartOnSocket(
            ("FORWARDED_HEADERS", forwarders), ("ALLOWED_HOSTS", "demo.example"), ("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "https://demo.example");
        request.Headers.Add("X-Forwarded-Host", "demo.example");

        using var response = await http.SendAsync(request);

        Assert.Equal(believed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", "/mocksre/", "/mocksre/sign-in?problem=wrong", true)]
    [InlineData("", "/", "/sign-in?problem=wrong", false)]
    public async Task SchemeAndPrefix_Forwarded_AreBelievedIfTheProxyIsTrusted(
        string forwarders, string pathBase, string location, bool secure)
    {
        await using var app = MockSreApp.StartOnSocket(("FORWARDED_HEADERS", forwarders), ("ADMIN_TOKEN", Token));
        using var browser = ScriptlessBrowser.OnSocket(app);
        browser.Headers.Add("X-Forwarded-Proto", "https");
        browser.Headers.Add("X-Forwarded-Prefix", "/mocksre");

        using var page = await browser.GetAsync("/sign-in");
        using var wrong = await browser.PostAsync("/session/sign-in", ("token", "wrong"));
        using var right = await browser.PostAsync("/session/sign-in", ("token", Token));

        Assert.Contains($"<base href=\"{pathBase}\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(location, wrong.Headers.Location?.OriginalString);
        var cookie = Assert.Single(
            right.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("mocksre-session-", StringComparison.Ordinal));
        Assert.Equal(secure, cookie.Contains("secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prefix_ThatNamesAHost_IsIgnored()
    {
        await using var app = MockSreApp.StartOnSocket(("FORWARDED_HEADERS", "127.0.0.1"), ("ADMIN_TOKEN", Token));
        using var browser = ScriptlessBrowser.OnSocket(app);
        browser.Headers.Add("X-Forwarded-Prefix", "//evil.example");

        using var page = await browser.GetAsync("/sign-in");

        Assert.Contains("<base href=\"/\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<int> GuessAsync(HttpClient http, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/load");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
