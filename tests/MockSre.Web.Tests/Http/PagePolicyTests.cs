using System.Net;
using System.Text.RegularExpressions;
using MockSre.Web.Http;
using MockSre.Web.Tests.Access;

namespace MockSre.Web.Tests.Http;

/// <summary>The security headers of all pages, and pages that obey them.</summary>
public sealed partial class PagePolicyTests(TokenAppFixture fixture) : IClassFixture<TokenAppFixture>
{
    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/signals", HttpStatusCode.OK)]
    [InlineData("/fixtures", HttpStatusCode.OK)]
    [InlineData("/sign-in", HttpStatusCode.OK)]
    [InlineData("/sign-in?problem=wrong", HttpStatusCode.OK)]
    [InlineData("/nothing-here", HttpStatusCode.NotFound)]
    public async Task Get_APage_HasThePolicyOnceAndNoSecondOneBesideIt(string path, HttpStatusCode status)
    {
        using var browser = new ScriptlessBrowser(fixture.App);

        using var response = await browser.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(ContentPolicy.Strict, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.False(response.Headers.Contains("X-Frame-Options"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("/", 3)]
    [InlineData("/signals", 3)]
    [InlineData("/fixtures", 3)]
    [InlineData("/sign-in", 1)]
    public async Task Get_APage_HasNoScriptThatThePolicyForbids(string path, int expected)
    {
        using var browser = new ScriptlessBrowser(fixture.App);

        using var response = await browser.GetAsync(path);
        var html = await response.Content.ReadAsStringAsync();

        var scripts = Scripts().Matches(html);
        Assert.Equal(expected, scripts.Count);
        Assert.All(scripts, script => Assert.Matches("^<script src=\"[^\":]+\"></script>$", script.Value));
        Assert.DoesNotMatch(@"(?i)<[^>]*\son[a-z]+\s*=", html);
        Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("(?is)<script.*?</script>")]
    private static partial Regex Scripts();
}
