using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MockSre.Web.Tests.Http;

public class HostGuardTests(SharedApps apps) : IClassFixture<SharedApps>
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8000")]
    [InlineData("127.0.0.1:8000")]
    [InlineData("[::1]:8000")]
    public async Task Loopback_LoopbackHost_IsServed(string host) =>
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(await apps.StartAsync(), host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.2")]
    [InlineData("demo.example")]
    [InlineData("0.0.0.0:8000")]
    public async Task Loopback_OtherHost_Is400(string host) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfAsync(await apps.StartAsync(("ALLOWED_HOSTS", "demo.example")), host));

    [Theory]
    [InlineData("demo.example", HttpStatusCode.OK)]
    [InlineData("Demo.Example:8000", HttpStatusCode.OK)]
    [InlineData("[fe80::1]", HttpStatusCode.OK)]
    [InlineData("other.example", HttpStatusCode.BadRequest)]
    [InlineData("sub.demo.example", HttpStatusCode.BadRequest)]
    public async Task Elsewhere_Host_IsServedIfAllowed(string host, HttpStatusCode status)
    {
        var app = await apps.StartAsync(("ALLOWED_HOSTS", "demo.example, [fe80::1]"), ("ADMIN_TOKEN", "a-token"), ("urls", "http://*:0"));
        Assert.Equal(status, await StatusOfAsync(app, host));
    }

    [Theory]
    [InlineData("demo.example", HttpStatusCode.OK)]
    [InlineData("demo.example:9999", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("other.example", HttpStatusCode.BadRequest)]
    [InlineData("sub.demo.example", HttpStatusCode.BadRequest)]
    public async Task Loopback_HostOfThePublicUrl_IsServed(string host, HttpStatusCode status)
    {
        var app = await apps.StartAsync(("PUBLIC_URL", "https://Demo.example:8443/mocksre/"), ("ADMIN_TOKEN", "a-token"));
        Assert.Equal(status, await StatusOfAsync(app, host));
    }

    [Theory]
    [InlineData("demo.example", HttpStatusCode.OK)]
    [InlineData("other.example", HttpStatusCode.BadRequest)]
    public async Task BehindATrustedProxy_AllowedHost_IsServedOnLoopbackToo(string host, HttpStatusCode status)
    {
        var app = await apps.StartAsync(("ALLOWED_HOSTS", "demo.example"), ("FORWARDED_HEADERS", "127.0.0.1"), ("ADMIN_TOKEN", "a-token"));
        Assert.Equal(status, await StatusOfAsync(app, host));
    }

    [Theory]
    [InlineData("GET", "/health", 200)]
    [InlineData("HEAD", "/health", 200)]
    [InlineData("GET", "/Health", 200)]
    [InlineData("GET", "/mocksre/health", 200)]
    [InlineData("POST", "/health", 400)]
    [InlineData("GET", "/health/", 400)]
    [InlineData("GET", "/health/x", 400)]
    [InlineData("GET", "/healthy", 400)]
    [InlineData("GET", "/mocksre/healthy", 400)]
    [InlineData("GET", "/other/health", 400)]
    [InlineData("GET", "/", 400)]
    [InlineData("GET", "/api/metrics", 400)]
    public async Task UnknownHost_OnlyAHealthProbe_IsServed(string method, string path, int status)
    {
        var app = await apps.StartAsync(("PUBLIC_URL", "https://demo.example/mocksre/"), ("ADMIN_TOKEN", "a-token"));
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Host = "10.0.0.5:8000";

        using var response = await http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("HTTP/1.1", "Host: 10.0.0.5:8000\r\n")]
    [InlineData("HTTP/1.1", "Host: a_b..c\r\n")]
    [InlineData("HTTP/1.1", "Host: 999.9.9.9:1\r\n")]
    [InlineData("HTTP/1.1", "Host: [::ffff]\r\n")]
    [InlineData("HTTP/1.1", "Host: xn--lcalhost-x\r\n")]
    [InlineData("HTTP/1.1", "Host:\r\n")]
    [InlineData("HTTP/1.0", "")]
    public async Task Health_AnyHostThatHttpAllows_Answers(string version, string host)
    {
        var app = await apps.StartOnSocketAsync();

        Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync(app, $"GET /health {version}\r\n{host}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("[::1]:65536")]
    [InlineData("127.0.0.1:2147483648")]
    [InlineData("xn--lcalhost-x")]
    [InlineData("foo.XN--0.com:80")]
    [InlineData("")]
    public async Task AnyPath_HostWithoutAnAddress_Is400AndNoLineInTheLog(string host)
    {
        var app = await apps.StartOnSocketAsync();

        foreach (var path in new[] { "/", "/sign-in", "/nope", "/api/metrics" })
        {
            foreach (var accept in new[] { "text/html", "*/*" })
            {
                var answer = await AskAsync(app, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n");
                Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
                Assert.Contains("Unknown host", answer, StringComparison.Ordinal);
            }
        }

        Assert.Empty(app.Logged.Lines);
    }

    [Theory]
    [InlineData("Host: XN--MNCHEN-3YA.DE", 200)]
    [InlineData("Host: xn--mnchen-3ya.de:80", 200)]
    [InlineData("Host: localhost\r\nX-Forwarded-Host: XN--MNCHEN-3YA.DE", 200)]
    [InlineData("Host: localhost\r\nX-Forwarded-Host: xn--lcalhost-x", 400)]
    [InlineData("Host: localhost\r\nX-Forwarded-Host: localhost, xn--lcalhost-x", 400)]
    [InlineData("Host: xn--lcalhost-x\r\nX-Forwarded-Host: localhost", 200)]
    public async Task AllowedHost_InPunycode_IsServedInAnyCase(string headers, int status)
    {
        var app = await apps.StartOnSocketAsync(
            ("ALLOWED_HOSTS", "münchen.de"), ("FORWARDED_HEADERS", "127.0.0.1"), ("ADMIN_TOKEN", "a-token"));

        var answer = await AskAsync(app, $"GET /sign-in HTTP/1.1\r\n{headers}\r\nAccept: text/html\r\n");

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Empty(app.Logged.Lines);
    }

    private static async Task<string> AskAsync(MockSreApp app, string head)
    {
        using var client = app.CreateClient();
        using var connection = new TcpClient();
        await connection.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}Connection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task<HttpStatusCode> StatusOfAsync(MockSreApp app, string host)
    {
        using var http = app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/metrics");
        request.Headers.Host = host;
        using var response = await http.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            await response.ProblemAsync((int)response.StatusCode);
        }

        return response.StatusCode;
    }
}
