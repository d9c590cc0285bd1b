using System.Net.Http.Headers;
using System.Text;
using MockSre.Web.Tests.Incidents;

namespace MockSre.Web.Tests.Http;

/// <summary>Bodies that the service would ignore or misread are refused.</summary>
public sealed class StrictBodyTests(OpenIncidentFixture open) : IClassFixture<OpenIncidentFixture>
{
    [Theory]
    [InlineData("""{"mode":"none"}""")]
    [InlineData("{\"mode\":")]
    [InlineData("[]")]
    [InlineData("20000 bytes")]
    public async Task OperationsWithoutABody_Body_Is400AndNothingIsDone(string body)
    {
        var before = (await open.App.Http.GetJsonAsync("/admin/scenarios")).ToString();
        var operations = await OperationsAsync(takesBody: false);
        Assert.True(operations.Count > 25, $"{operations.Count} operations");
        foreach (var (method, path) in operations)
        {
            using var response = await SendAsync(method, path, new StringContent(body == "20000 bytes" ? new string('x', 20_000) : body));

            await response.ProblemAsync(400);
            Assert.Equal("Unexpected body", (await response.JsonAsync()).GetProperty("title").GetString());
        }

        Assert.Equal(before, (await open.App.Http.GetJsonAsync("/admin/scenarios")).ToString());
        Assert.Equal("open", (await open.App.Http.GetJsonAsync($"/api/incidents/{open.Id}")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(" { \r\n} ")]
    public async Task OperationWithoutABody_BodyThatSaysNothing_IsTakenForNone(string body)
    {
        using var response = await SendAsync(
            "get", $"/api/incidents/{open.Id}", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json; charset=\"latin1\"", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json", "identity, br")]
    public async Task OperationsWithABody_OtherCharsetOrEncoding_Is415(string type, string? encoding)
    {
        var operations = await OperationsAsync(takesBody: true);
        Assert.NotEmpty(operations);
        foreach (var (method, path) in operations)
        {
            using var response = await SendAsync(method, path, Content(type, encoding, "{}"));

            await response.ProblemAsync(415);
        }
    }

    [Fact]
    public async Task OperationWithoutABody_LongBodyOfUnknownLength_Is400()
    {
        using var body = new StringContent(new string(' ', 20_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/incidents/{open.Id}/close") { Content = body };
        request.Headers.TransferEncodingChunked = true;

        using var response = await open.App.Http.SendAsync(request);

        Assert.Contains("takes no body", await response.ProblemAsync(400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8", null)]
    [InlineData("application/json; charset=\"utf-8\"", "identity")]
    [InlineData("application/json", "")]
    public async Task OperationsWithABody_Utf8_IsRead(string type, string? encoding)
    {
        using var response = await SendAsync("post", $"/api/incidents/{open.Id}/actions", Content(type, encoding, "{}"));

        Assert.Contains("kind is one of", await response.ProblemAsync(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Admin_BodyWithoutTheToken_Is401()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", "correct-horse-battery-staple"));
        using var http = app.CreateClient();
        using var body = new StringContent("{\"a\":1}");

        using var response = await http.PostAsync(new Uri("/admin/reset", UriKind.Relative), body);

        await response.ProblemAsync(401);
    }

    private static ByteArrayContent Content(string type, string? encoding, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return content;
    }

    // All operations of the OpenAPI document, with valid values in their paths.
    private async Task<List<(string Method, string Path)>> OperationsAsync(bool takesBody) =>
    [
        .. (await open.App.Http.GetJsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (path.Name, operation))
            .Where(of => of.operation.Value.TryGetProperty("requestBody", out _) == takesBody)
            .Select(of => (of.operation.Name, open.PathOf(of.Name))),
    ];

    private async Task<HttpResponseMessage> SendAsync(string method, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), new Uri(path, UriKind.Relative))
        {
            Content = content,
        };
        return await open.App.Http.SendAsync(request);
    }
}
