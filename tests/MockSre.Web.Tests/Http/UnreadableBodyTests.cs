using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace MockSre.Web.Tests.Http;

/// <summary>Bodies and forms that cannot be read. No client library sends them.</summary>
public sealed class UnreadableBodyTests(SharedApps apps) : IClassFixture<SharedApps>
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string[] Chunks = ["80000000\r\nabc", "zz\r\nabc\r\n0\r\n\r\n", "fffffffffffffffffff\r\nabc"];

    [Theory]
    [InlineData("/admin/load", Json)]
    [InlineData("/admin/incidents", Json)]
    [InlineData("/session/sign-in", Form)]
    [InlineData("/session/sign-out", Form)]
    [InlineData("/_blazor/disconnect", Form)]
    public async Task Post_BrokenChunks_Is400AndNoLineInTheLog(string path, string type)
    {
        var app = await apps.StartOnSocketAsync();

        foreach (var chunk in Chunks)
        {
            Assert.Equal(400, await PostAsync(app, path, type, "Transfer-Encoding: chunked", chunk));
        }

        Assert.Empty(app.Logged.Lines);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "garbage")]
    [InlineData("multipart/form-data", "garbage")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nabc\r")]
    [InlineData(Form + "; charset=utf-7", "a=1")]
    public async Task Post_BrokenForm_Is400AndNoLineInTheLog(string type, string body)
    {
        var app = await apps.StartOnSocketAsync();

        foreach (var path in new[] { "/session/sign-in", "/session/sign-out", "/_blazor/disconnect" })
        {
            Assert.Equal(400, await PostAsync(app, path, type, body));
        }

        Assert.Empty(app.Logged.Lines);
    }

    [Theory]
    [InlineData("application/json", 415, Form)]
    [InlineData("multipart/form-data; boundary=x", 400, "could not be read")]
    public async Task Post_BrokenForm_SaysWhatIsWrong(string type, int status, string expected)
    {
        var app = await apps.StartAsync();
        using var client = app.CreateClient();
        using var body = new StringContent("garbage");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var response = await client.PostAsync(new Uri("/session/sign-in", UriKind.Relative), body);

        Assert.Contains(expected, await response.ProblemAsync(status), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1500, 1, 400)]
    [InlineData(1, 5000, 400)]
    [InlineData(1, 20_000, 413)]
    public async Task Post_FormTooLarge_IsRefusedAndNoLineInTheLog(int keys, int keyLength, int status)
    {
        var app = await apps.StartOnSocketAsync();
        var body = string.Join('&', Enumerable.Range(0, keys).Select(key => new string('k', keyLength) + key));

        foreach (var path in new[] { "/session/sign-in", "/session/sign-out" })
        {
            Assert.Equal(status, await PostAsync(app, path, Form, body));
        }

        Assert.Empty(app.Logged.Lines);
    }

    [Fact]
    public async Task Post_BrokenFormsAgainAndAgain_FillNoLog()
    {
        var app = await apps.StartOnSocketAsync();

        for (var again = 0; again < 50; again++)
        {
            await PostAsync(app, "/session/sign-out", "multipart/form-data; boundary=x", "garbage");
            await PostAsync(app, "/session/sign-out", Form, "Content-Length: 100", "cut off", hangUp: true);
        }

        Assert.Empty(app.Logged.Lines);
    }

    private static Task<int?> PostAsync(MockSreApp app, string path, string type, string body) =>
        PostAsync(app, path, type, FormattableString.Invariant($"Content-Length: {body.Length}"), body);

    // Null if the client hangs up without reading an answer.
    private static async Task<int?> PostAsync(MockSreApp app, string path, string type, string framing, string body, bool hangUp = false)
    {
        using var client = app.CreateClient();
        var address = client.BaseAddress!;
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {type}\r\n{framing}\r\n\r\n{body}"));
        if (hangUp)
        {
            return null;
        }

        var answer = new byte["HTTP/1.1 400".Length];
        await stream.ReadExactlyAsync(answer);
        return int.Parse(Encoding.ASCII.GetString(answer)[^3..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
