using System.Net;
using System.Net.Http.Headers;
using MockSre.Web.Tests.Access;
using MockSre.Web.Tests.Incidents;
using MockSre.Web.Tests.Signals;

namespace MockSre.Web.Tests.Http;

/// <summary>A service below a path base, behind a proxy that keeps or strips the path.</summary>
public sealed class PublicPathTests(SharedApps apps) : IClassFixture<SharedApps>
{
    private const string Token = "correct-horse-battery-staple";

    private static readonly (string Variable, string Value)[] Settings =
        [("PUBLIC_URL", "https://demo.example/mocksre/"), ("ADMIN_TOKEN", Token)];

    [Theory]
    [InlineData("/")]
    [InlineData("/signals")]
    [InlineData("/mocksre/")]
    [InlineData("/mocksre")]
    [InlineData("/mocksre/incidents")]
    [InlineData("/MockSre/incidents")]
    public async Task Page_PrefixKeptOrStripped_HasTheSameBase(string path)
    {
        var app = await StartAsync();
        using var http = app.CreateClient();

        Assert.Contains("<base href=\"/mocksre/\"", await http.GetStringAsync(new Uri(path, UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/metrics")]
    [InlineData("/api/users/profile/1")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/")]
    [InlineData("/console.js")]
    [InlineData("/favicon.svg")]
    public async Task Address_WithAndWithoutThePrefix_IsTheSame(string path)
    {
        var app = await StartAsync();
        using var http = app.CreateClient();

        using var direct = await http.GetAsync(new Uri(path, UriKind.Relative));
        using var prefixed = await http.GetAsync(new Uri("/mocksre" + path, UriKind.Relative));
        using var other = await http.GetAsync(new Uri("/mocksrex" + path, UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (direct.StatusCode, prefixed.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/mocksre")]
    public async Task Created_PrefixKeptOrStripped_IsBelowThePrefix(string prefix)
    {
        await using var app = IncidentApp.Start(Settings);
        var http = app.Http;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        using var load = await http.PostAsync(prefix + "/admin/load", new { requests = 1 });
        using var run = await http.PostAsync(prefix + "/admin/incidents", new { scenario = "noisy_alert" });

        Assert.StartsWith("/mocksre/admin/load/", load.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("/mocksre/admin/incidents/", run.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var found = await http.GetAsync(run.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/mocksre")]
    public async Task SignIn_PrefixKeptOrStripped_StaysBelowThePrefix(string prefix)
    {
        var app = await StartAsync();
        using var browser = new ScriptlessBrowser(app);

        using var wrong = await browser.PostAsync(prefix + "/session/sign-in", ("token", "wrong"));
        using var right = await browser.PostAsync(prefix + "/session/sign-in", ("token", Token));
        using var signedOut = await browser.PostAsync(prefix + "/session/sign-out");

        Assert.Equal(
            ["/mocksre/sign-in?problem=wrong", "/mocksre/", "/mocksre/"],
            new[] { wrong, right, signedOut }.Select(answer => answer.Headers.Location?.OriginalString));
        var cookie = Assert.Single(
            right.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("mocksre-session-", StringComparison.Ordinal));
        Assert.Contains("path=/mocksre;", cookie + ";", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://demo.example", true)]
    [InlineData("http://localhost", false)]
    public async Task SignIn_FromThePageAtAnHttpsUrl_GivesASecureCookie(string origin, bool secure)
    {
        var app = await StartAsync();
        using var browser = new ScriptlessBrowser(app);

        using var signedIn = await browser.PostAsync("/session/sign-in", origin, ("token", Token));

        var cookie = Assert.Single(
            signedIn.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("mocksre-session-", StringComparison.Ordinal));
        Assert.Equal(secure, cookie.Contains("secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LockedPage_DuringABlindRun_PostsBelowThePrefix()
    {
        await using var app = IncidentApp.Start(Settings);
        app.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await app.BeginAsync(blind: true);
        using var browser = ScriptlessBrowser.OnSocket(app.Service);

        using var page = await browser.OpenAsync("/mocksre/sign-in");
        using var elsewhere = await browser.OpenAsync("/mocksre/signals");
        using var health = await browser.GetAsync("/mocksre/health");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK), (page.StatusCode, elsewhere.StatusCode, health.StatusCode));
        Assert.Contains("action=\"/mocksre/session/sign-in\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<MockSreApp> StartAsync() => apps.StartAsync(Settings);
}

/// <summary>The names that Sentry groups by do not depend on the address.</summary>
[Collection(SentryInProcess.Name)]
public sealed class PublicPathSignalsTests
{
    [Fact]
    public async Task Transaction_OfARequestBelowThePrefix_IsNamedAfterTheRouteAlone()
    {
        await using var app = MockSreApp.Start(("PUBLIC_URL", "http://localhost/mocksre/"), ("SIGNAL_INBOX", "true"));
        using var http = app.CreateClient();
        using var profile = await http.GetAsync(new Uri("/mocksre/api/users/profile/1", UriKind.Relative));

        var groups = await http.GetUntilAsync(
            "/api/signals/transactions", groups => groups.GetProperty("transactions").GetArrayLength() > 0);

        Assert.Equal("GET /api/users/profile/{user_id}", groups.GetProperty("transactions")[0].GetProperty("name").GetString());
    }
}
