using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using MockSre.Web.Access;

namespace MockSre.Web.Tests.Access;

public class SignInTests
{
    private const string Token = "correct-horse-battery-staple";
    private const string Cookie = "mocksre-session-80";

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_AsksAgainAndGivesNoSession()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);

        using var response = await browser.PostWithoutTokenAsync("/session/sign-in", ("token", Token));

        Assert.Equal((HttpStatusCode.Found, "/sign-in?problem=again"), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task SignIn_TheFormsTokenOfAnotherBrowser_AsksAgain()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var other = new ScriptlessBrowser(app);
        using var own = await other.PostAsync("/session/sign-in", ("token", "wrong"));
        using var browser = new ScriptlessBrowser(app);
        using var first = await browser.PostAsync("/session/sign-in", ("token", "wrong"));

        using var response = await browser.PostWithoutTokenAsync(
            "/session/sign-in", ("token", Token), ("__RequestVerificationToken", other.Cookies.Single().Value));

        Assert.Equal("/sign-in?problem=again", response.Headers.Location?.OriginalString);
        Assert.DoesNotContain(Cookie, browser.Cookies.Keys);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task SignIn_WrongToken_GoesBackAndSaysSo(string token)
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);

        using var response = await browser.PostAsync("/session/sign-in", ("token", token));

        Assert.Equal((HttpStatusCode.Found, "/sign-in?problem=wrong"), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.DoesNotContain(Cookie, browser.Cookies.Keys);
    }

    [Fact]
    public async Task SignIn_NoTokenField_IsAWrongToken()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);

        using var response = await browser.PostAsync("/session/sign-in");

        Assert.Equal("/sign-in?problem=wrong", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task SignIn_RightToken_GivesACookieThatScriptsAndOtherSitesCannotUse()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);

        using var response = await browser.PostAsync("/session/sign-in", ("token", Token));

        Assert.Equal((HttpStatusCode.Found, "/"), (response.StatusCode, response.Headers.Location?.OriginalString));
        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith($"{Cookie}=", StringComparison.Ordinal));
        Assert.Equal(["httponly", "path=/", "samesite=strict"], cookie.Split("; ").Skip(1).Order());
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        Assert.True(app.Services.GetRequiredService<AdminSessions>().IsOpen(browser.Cookies[Cookie]));
    }

    [Fact]
    public async Task SignIn_ElevenWrongTokens_LockTheRightOneOutHereAndAtTheApi()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);
        for (var i = 0; i < AdminAccess.WrongTokenLimit; i++)
        {
            using var guess = await browser.PostAsync("/session/sign-in", ("token", $"guess-{i}"));
            Assert.Equal("/sign-in?problem=wrong", guess.Headers.Location?.OriginalString);
        }

        using var eleventh = await browser.PostAsync("/session/sign-in", ("token", "guess"));
        using var right = await browser.PostAsync("/session/sign-in", ("token", Token));
        Assert.Equal(
            ["/sign-in?problem=too-many", "/sign-in?problem=too-many"],
            new[] { eleventh, right }.Select(answer => answer.Headers.Location?.OriginalString));

        using var http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var bearer = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));
        await bearer.ProblemAsync(429);
    }

    [Fact]
    public async Task SignIn_WrongBearerTokensBefore_CountHereToo()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        for (var i = 0; i < AdminAccess.WrongTokenLimit; i++)
        {
            using var guess = await http.GetAsync(new Uri("/admin/load", UriKind.Relative));
        }

        using var browser = new ScriptlessBrowser(app);
        using var right = await browser.PostAsync("/session/sign-in", ("token", Token));

        Assert.Equal("/sign-in?problem=too-many", right.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Session_AtTheApi_IsNoToken()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);
        using var signedIn = await browser.PostAsync("/session/sign-in", ("token", Token));

        using var response = await browser.PostWithoutTokenAsync("/admin/failure-mode/combined");

        await response.ProblemAsync(401);
    }

    [Fact]
    public async Task SignOut_WithTheFormsToken_EndsTheSessionWhereverItIsUsed()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);
        using var signedIn = await browser.PostAsync("/session/sign-in", ("token", Token));
        var session = browser.Cookies[Cookie];

        using var response = await browser.PostAsync("/session/sign-out");

        Assert.Equal("/", response.Headers.Location?.OriginalString);
        Assert.False(app.Services.GetRequiredService<AdminSessions>().IsOpen(session));
        Assert.DoesNotContain(Cookie, browser.Cookies.Keys);
    }

    [Fact]
    public async Task SignOut_WithoutTheFormsToken_EndsNothing()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);
        using var signedIn = await browser.PostAsync("/session/sign-in", ("token", Token));

        using var response = await browser.PostWithoutTokenAsync("/session/sign-out", ("username", "admin"));

        Assert.Equal("/", response.Headers.Location?.OriginalString);
        Assert.True(app.Services.GetRequiredService<AdminSessions>().IsOpen(browser.Cookies[Cookie]));
    }

    [Fact]
    public async Task SignIn_AgainWithTheFormOfBefore_EndsTheSessionThatItReplaces()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);
        using var first = await browser.PostAsync("/session/sign-in", ("token", Token));
        var replaced = browser.Cookies[Cookie];

        using var second = await browser.PostAsync("/session/sign-in", ("token", Token));

        Assert.Equal("/", second.Headers.Location?.OriginalString);
        var sessions = app.Services.GetRequiredService<AdminSessions>();
        Assert.Equal((false, true), (sessions.IsOpen(replaced), sessions.IsOpen(browser.Cookies[Cookie])));
    }

    [Fact]
    public async Task SignOut_NobodySignedIn_GoesHome()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", Token));
        using var browser = new ScriptlessBrowser(app);

        using var response = await browser.PostAsync("/session/sign-out");

        Assert.Equal("/", response.Headers.Location?.OriginalString);
    }
}
