using System.Net;
using MockSre.Web.Tests.Access;

namespace MockSre.Web.Tests.Http;

/// <summary>HEAD answers like GET, without a body.</summary>
public sealed class HeadRequestsTests(TokenAppFixture fixture) : IClassFixture<TokenAppFixture>
{
    // These differ between two equal requests: the time, the form's token, and whether the cache held the profile.
    private static readonly string[] Varying = ["Date", "Set-Cookie", "X-Cache"];

    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/api/metrics", 200)]
    [InlineData("/api/users/profile/1", 200)]
    [InlineData("/api/users/profile/99", 404)]
    [InlineData("/api/fixtures/commits", 200)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/admin/load", 401)]
    [InlineData("/admin/reset", 401)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/docs", 302)]
    [InlineData("/docs/", 200)]
    [InlineData("/", 200)]
    [InlineData("/signals", 200)]
    [InlineData("/nothing", 404)]
    [InlineData("/favicon.svg", 200)]
    [InlineData("/console.css", 200)]
    public async Task Head_AnyAddress_IsItsGetWithoutTheBody(string path, int status)
    {
        using var http = fixture.App.CreateClient(new() { AllowAutoRedirect = false });
        using var get = await http.GetAsync(new Uri(path, UriKind.Relative));
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal((status, status), ((int)get.StatusCode, (int)head.StatusCode));
        Assert.Equal(HeadersOf(get), HeadersOf(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_OnASocket_LeavesTheConnectionFit()
    {
        await using var app = MockSreApp.StartOnSocket();
        using var http = app.CreateClient();
        for (var round = 0; round < 3; round++)
        {
            using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health"));
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
        }
    }

    [Fact]
    public async Task Head_OfTheCircuit_OpensNone()
    {
        using var http = fixture.App.CreateClient();

        using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/_blazor"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("/health", "GET, HEAD")]
    [InlineData("/api/incidents/1/actions", "GET, HEAD, POST")]
    public async Task WrongMethod_SaysWhichAreTaken(string path, string allowed)
    {
        using var http = fixture.App.CreateClient();

        using var response = await http.PutAsync(new Uri(path, UriKind.Relative), content: null);

        Assert.Contains(allowed.Split(", ")[0], await response.ProblemAsync(405), StringComparison.Ordinal);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow.Order()));
    }

    private static IEnumerable<string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers)
            .Where(header => !Varying.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
            .Order();
}
