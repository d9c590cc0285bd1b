using System.Text.Json;
using MockSre.Web.Api;
using MockSre.Web.Tests.Incidents;

namespace MockSre.Web.Tests.Http;

public class StrictQueryTests(OpenIncidentFixture open) : IClassFixture<OpenIncidentFixture>
{
    public static TheoryData<string> Unchecked => ["/", "/incidents", "/fixtures", "/docs/"];

    [Fact]
    public async Task AnyOperation_UnknownParameter_Is400AndNamesTheKnownOnes()
    {
        var operations = 0;
        foreach (var (method, path, known) in await OperationsAsync())
        {
            using var response = await SendAsync(method, $"{path}?foo=1");

            var detail = await response.ProblemAsync(400);
            Assert.StartsWith("foo ", detail, StringComparison.Ordinal);
            Assert.All(known, name => Assert.Contains(name, detail, StringComparison.Ordinal));
            Assert.Equal("Unknown parameter", (await response.JsonAsync()).GetProperty("title").GetString());
            operations++;
        }

        Assert.True(operations > 35, $"{operations} operations");
    }

    [Fact]
    public async Task AnyOperation_KnownParameter_IsNotUnknown()
    {
        foreach (var (method, path, known) in await OperationsAsync())
        {
            foreach (var name in known)
            {
                // An empty value is refused, so the operation has no effect.
                using var response = await SendAsync(method, $"{path}?{name.ToUpperInvariant()}=");

                await response.ProblemAsync(400);
                Assert.Equal("Empty parameter", (await response.JsonAsync()).GetProperty("title").GetString());
            }
        }
    }

    [Theory]
    [InlineData("limit=1&limit=2", "Repeated parameter", "limit")]
    [InlineData("trace_id=a&TRACE_ID=b", "Repeated parameter", "2 times")]
    [InlineData("trace_id=", "Empty parameter", "trace_id")]
    [InlineData("level", "Empty parameter", "level")]
    [InlineData("limit=1&from=2026-11-27", "Unknown parameter", "from")]
    [InlineData("=1", "Unknown parameter", "without a name")]
    public async Task Logs_AParameterThatWouldBeIgnored_Is400(string query, string title, string says)
    {
        using var response = await SendAsync("get", $"/api/incidents/{open.Id}/evidence/logs?{query}");

        Assert.Contains(says, await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal(title, (await response.JsonAsync()).GetProperty("title").GetString());
    }

    [Fact]
    public async Task OpenApiDocument_UnknownParameter_Is400()
    {
        using var response = await SendAsync("get", $"{ApiDescription.Path}?foo=1");

        await response.ProblemAsync(400);
    }

    [Fact]
    public async Task Health_ALongUnknownName_IsCut()
    {
        using var response = await SendAsync("get", $"/health?{new string('x', 5000)}=1");

        Assert.InRange((await response.ProblemAsync(400)).Length, 80, 200);
    }

    [Theory]
    [InlineData("/health?")]
    [InlineData("/health?&")]
    public async Task Health_AQueryWithoutParameters_IsOk(string path)
    {
        using var response = await SendAsync("get", path);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Theory]
    [MemberData(nameof(Unchecked))]
    public async Task Pages_AnyParameter_IsOk(string path)
    {
        using var response = await SendAsync("get", $"{path}?foo=1");

        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
    }

    [Fact]
    public async Task Profile_UnknownParameter_IsLabelledAndCountedAsAnyOtherMistake()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri("/api/users/profile/7?verbose=1", UriKind.Relative));

        Assert.Contains("verbose", await response.ProblemAsync(400), StringComparison.Ordinal);
        Assert.Equal("none", response.Header("X-Failure-Mode"));
        var totals = (await http.GetJsonAsync("/api/metrics")).GetProperty("totals");
        Assert.Equal((1, 0), (totals.GetProperty("count").GetInt32(), totals.GetProperty("db_reads").GetInt32()));
    }

    [Fact]
    public async Task Admin_UnknownParameterWithoutTheToken_Is401()
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", "correct-horse-battery-staple"));
        using var http = app.CreateClient();

        using var response = await http.GetAsync(new Uri("/admin/failure-mode?foo=1", UriKind.Relative));

        await response.ProblemAsync(401);
    }

    // All operations of the OpenAPI document, with valid values in their paths.
    private async Task<List<(string Method, string Path, List<string> Query)>> OperationsAsync() =>
    [
        .. (await open.App.Http.GetJsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (
                operation.Name,
                open.PathOf(path.Name),
                operation.Value.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(IsQuery).Select(parameter => parameter.GetProperty("name").GetString()!).ToList()
                    : [])),
    ];

    private static bool IsQuery(JsonElement parameter) => parameter.GetProperty("in").GetString() == "query";

    private async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), new Uri(path, UriKind.Relative));
        return await open.App.Http.SendAsync(request);
    }
}
