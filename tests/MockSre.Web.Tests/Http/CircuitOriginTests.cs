using System.Net;
using MockSre.Web.Tests.Access;

namespace MockSre.Web.Tests.Http;

/// <summary>Pages of other origins cannot open a circuit: it could do everything that the signed-in person can.</summary>
public class CircuitOriginTests(TokenAppFixture fixture) : IClassFixture<TokenAppFixture>
{
    [Theory]
    [InlineData("GET", "/_blazor")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_BLAZOR")]
    [InlineData("POST", "/session/sign-in")]
    [InlineData("POST", "/session/sign-out")]
    public async Task Request_FromAnotherOrigin_Is403(string method, string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(method, path, "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(method, path, "http://localhost:9999"));
    }

    [Theory]
    [InlineData("GET", "/_blazor")]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    public async Task Circuit_FromItsOwnPage_IsNotRefused(string method, string path)
    {
        Assert.NotEqual(HttpStatusCode.Forbidden, await SendAsync(method, path, "http://localhost"));
    }

    private async Task<HttpStatusCode> SendAsync(string method, string path, string origin)
    {
        using var http = fixture.App.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
