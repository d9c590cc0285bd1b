using System.Net;

namespace MockSre.Web.Tests.Access;

public class HostGuardTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8000")]
    [InlineData("127.0.0.1:8000")]
    [InlineData("[::1]:8000")]
    public async Task Loopback_LoopbackHost_IsServed(string host) =>
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(MockSreApp.Start(), host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.2")]
    [InlineData("demo.example")]
    [InlineData("0.0.0.0:8000")]
    public async Task Loopback_OtherHost_Is400(string host) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfAsync(MockSreApp.Start(("ALLOWED_HOSTS", "demo.example")), host));

    [Theory]
    [InlineData("demo.example", HttpStatusCode.OK)]
    [InlineData("Demo.Example:8000", HttpStatusCode.OK)]
    [InlineData("[fe80::1]", HttpStatusCode.OK)]
    [InlineData("other.example", HttpStatusCode.BadRequest)]
    [InlineData("sub.demo.example", HttpStatusCode.BadRequest)]
    public async Task Elsewhere_Host_IsServedIfAllowed(string host, HttpStatusCode status)
    {
        var app = MockSreApp.Start(("ALLOWED_HOSTS", "demo.example, [fe80::1]"), ("ADMIN_TOKEN", "a-token"), ("urls", "http://*:0"));
        Assert.Equal(status, await StatusOfAsync(app, host));
    }

    private static async Task<HttpStatusCode> StatusOfAsync(MockSreApp app, string host)
    {
        await using (app)
        {
            using var http = app.CreateClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
            request.Headers.Host = host;
            using var response = await http.SendAsync(request);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                await response.ProblemAsync((int)response.StatusCode);
            }

            return response.StatusCode;
        }
    }
}
