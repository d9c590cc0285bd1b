using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MockSre.Web.Tests.Api;

public partial class ApiDescriptionTests(SharedApps apps) : IClassFixture<SharedApps>
{
    [Fact]
    public async Task OpenApi_DescribesEveryEndpoint()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        var paths = (await http.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(
            [
                "delete /admin/incidents/{id}", "delete /admin/load/{id}", "delete /api/signals",
                "get /admin/failure-mode", "get /admin/incidents/{id}", "get /admin/incidents/{id}/export", "get /admin/load",
                "get /admin/load/{id}", "get /admin/scenarios",
                "get /api/fixtures/commits", "get /api/fixtures/config",
                "get /api/incidents", "get /api/incidents/{id}", "get /api/incidents/{id}/actions",
                "get /api/incidents/{id}/evidence/commits",
                "get /api/incidents/{id}/evidence/config", "get /api/incidents/{id}/evidence/deploys",
                "get /api/incidents/{id}/evidence/logs",
                "get /api/incidents/{id}/evidence/metrics", "get /api/incidents/{id}/evidence/signals",
                "get /api/metrics", "get /api/signals/envelopes", "get /api/signals/events", "get /api/signals/events/{event_id}",
                "get /api/signals/expectations", "get /api/signals/issues", "get /api/signals/summary", "get /api/signals/transactions",
                "get /api/users/profile/{user_id}", "get /health",
                "post /admin/failure-mode/{mode}", "post /admin/incidents", "post /admin/load", "post /admin/reset",
                "post /api/incidents/{id}/actions", "post /api/incidents/{id}/close", "post /api/incidents/{id}/diagnosis",
            ],
            paths.EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name.TrimEnd('/')}"))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OpenApi_EveryOperation_HasAnIdOfItsOwnAndASummary()
    {
        var operations = Operations(await ReadAsync());

        var ids = operations.Select(operation => operation.GetProperty("operationId").GetString()!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches(OperationId(), id));
        Assert.All(operations, operation =>
        {
            Assert.Matches(Summary(), operation.GetProperty("summary").GetString());
            Assert.NotEmpty(operation.GetProperty("description").GetString()!);
            Assert.All(Parameters(operation), parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
        });
    }

    [Fact]
    public async Task OpenApi_Texts_NameNoTypeOfTheCode()
    {
        var document = await ReadAsync();

        var texts = TextsOf(document).ToList();
        Assert.True(texts.Count > 100);
        Assert.All(texts, text => Assert.DoesNotMatch(NameOfCode(), text));
    }

    [Theory]
    [InlineData("at most int Diagnosis.MaxCommits.", true)]
    [InlineData("of the Vocabulary.MaxWords", true)]
    [InlineData("see SecondCounter for it", true)]
    [InlineData("IReadOnlyList<string> of words", true)]
    [InlineData("Needs ENV=demo. MockSre keeps fixtures/recent_commits.json of GitHub.", false)]
    public void NameOfCode_InAText_IsFound(string text, bool isFound) => Assert.Equal(isFound, NameOfCode().IsMatch(text));

    [Fact]
    public async Task OpenApi_UnderAPathBase_NamesItAsTheServer()
    {
        var app = await apps.StartAsync();

        var context = await app.Server.SendAsync(request =>
        {
            request.Request.Method = HttpMethods.Get;
            request.Request.Host = new HostString("localhost");
            request.Request.PathBase = "/mocksre";
            request.Request.Path = "/openapi/v1.json";
        });
        using var document = await JsonDocument.ParseAsync(context.Response.Body);

        Assert.Equal("/mocksre", document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal("/", (await ReadAsync()).GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Theory]
    [InlineData("/health", "get", "[]")]
    [InlineData("/api/users/profile/{user_id}", "get", "[]")]
    [InlineData("/api/metrics", "get", """[{},{"admin_token":[]},{"console_session":[]}]""")]
    [InlineData("/admin/failure-mode", "get", """[{"admin_token":[]},{"console_session":[]}]""")]
    [InlineData("/api/incidents", "get", """[{"admin_token":[]},{"console_session":[]}]""")]
    [InlineData("/admin/reset", "post", """[{"admin_token":[]}]""")]
    [InlineData("/api/signals", "delete", """[{"admin_token":[]}]""")]
    public async Task OpenApi_Operation_SaysWhichTokenItTakes(string path, string method, string security)
    {
        var operation = (await ReadAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);

        Assert.Equal(security, JsonSerializer.Serialize(operation.GetProperty("security")));
    }

    [Fact]
    public async Task Docs_LoadsNothingFromAnotherHost()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();

        var page = await http.GetStringAsync(new Uri("/docs/", UriKind.Relative));

        Assert.Contains("<script", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(ForeignSource(), page);
    }

    private async Task<JsonElement> ReadAsync()
    {
        var app = await apps.StartAsync();
        using var http = app.CreateClient();
        return await http.GetJsonAsync("/openapi/v1.json");
    }

    private static List<JsonElement> Operations(JsonElement document) =>
        [.. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(
            operation => operation.Value))];

    private static List<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    private static IEnumerable<string> TextsOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(TextsOf),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "summary" or "description", Value.ValueKind: JsonValueKind.String }
                ? [member.Value.GetString()!]
                : TextsOf(member.Value)),
        _ => [],
    };

    [GeneratedRegex("^[a-z]+([A-Z][a-z]+)*$")]
    private static partial Regex OperationId();

    [GeneratedRegex(@"^[A-Z][^.:;]{3,50}$")]
    private static partial Regex Summary();

    // Matches a member of a type, a type of two or more words, or a generic type. Product names are excluded.
    [GeneratedRegex(@"[A-Z]\w*\.[A-Z]\w|\b(?!MockSre\b|GitHub\b)[A-Z][a-z]+[A-Z]\w*|\w<\w+>")]
    private static partial Regex NameOfCode();

    [GeneratedRegex("(src|href)=\"(https?:)?//")]
    private static partial Regex ForeignSource();
}
