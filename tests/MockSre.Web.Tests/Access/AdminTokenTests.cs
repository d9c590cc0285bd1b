using System.Net;
using System.Net.Http.Headers;
using MockSre.Web.Access;

namespace MockSre.Web.Tests.Access;

public class AdminTokenTests(SharedApps apps) : IClassFixture<SharedApps>
{
    private const string Token = "correct-horse-battery-staple";

    [Theory]
    [InlineData("/admin/failure-mode", 401)]
    [InlineData("/admin/nothing", 401)]
    [InlineData("/api/signals/events/0", 404)]
    public async Task Problem_ForWhoAcceptsPagesAlone_IsAProblemAllTheSame(string path, int status)
    {
        var app = await apps.StartWithInboxAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(status);
    }

    [Theory]
    [InlineData("GET", "/admin/failure-mode")]
    [InlineData("POST", "/admin/failure-mode/combined")]
    [InlineData("POST", "/admin/reset")]
    [InlineData("GET", "/admin/load")]
    [InlineData("POST", "/admin/load")]
    [InlineData("GET", "/admin/load/load-1")]
    [InlineData("DELETE", "/admin/load/load-1")]
    [InlineData("GET", "/admin/nothing-here")]
    [InlineData("GET", "/ADMIN/failure-mode")]
    public async Task AnythingUnderAdmin_WithoutToken_Is401(string method, string path)
    {
        var app = await apps.StartAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await http.SendAsync(request);

        await response.ProblemAsync(401);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer correct-horse-battery-stapl")]
    [InlineData("Bearer correct-horse-battery-staple2")]
    [InlineData("Bearer ")]
    [InlineData("Basic correct-horse-battery-staple")]
    [InlineData("correct-horse-battery-staple")]
    public async Task Change_WrongToken_Is401AndChangesNothing(string header)
    {
        var app = await apps.StartAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/failure-mode/combined");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var response = await http.SendAsync(request);

        var detail = await response.ProblemAsync(401);
        Assert.DoesNotContain(Token, detail, StringComparison.Ordinal);
        using var profile = await http.GetProfileAsync(1);
        Assert.Equal("none", profile.Header("X-Failure-Mode"));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    public async Task Change_RightToken_IsMade(string scheme)
    {
        var app = await apps.StartAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, Token);

        using var response = await http.SetModeAsync("cache_off");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Change_RightTokenOutsideDemo_Is403()
    {
        var app = await apps.StartAsync(("ADMIN_TOKEN", Token), ("ENV", "local"));
        using var http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        using var response = await http.SetModeAsync("cache_off");

        await response.ProblemAsync(403);
    }

    [Fact]
    public async Task WrongTokens_TooMany_LockEvenTheRightOneOut()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        for (var i = 0; i < 10; i++)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"guess-{i}");
            using var guess = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, guess.StatusCode);
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var right = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));

        await right.ProblemAsync(429);
        Assert.Equal("60", right.Header("Retry-After"));
        using var profile = await http.GetProfileAsync(1);
        Assert.Equal(HttpStatusCode.OK, profile.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.9.9.9", true)]
    [InlineData("127.0.0.1", "::1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    public void Client_Addresses_AreOneOrTwo(string one, string other, bool same) =>
        Assert.Equal(same, AdminGuard.Client(IPAddress.Parse(one)) == AdminGuard.Client(IPAddress.Parse(other)));

    [Fact]
    public async Task MissingTokens_HoweverMany_LockNobodyOut()
    {
        var app = await apps.StartAsync(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        for (var i = 0; i < 20; i++)
        {
            using var missing = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var right = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }
}
