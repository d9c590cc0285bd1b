using System.Text.RegularExpressions;

namespace MockSre.Web.Tests.Api;

public partial class ApiDescriptionTests
{
    [Fact]
    public async Task OpenApi_DescribesEveryEndpoint()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();

        var paths = (await http.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(
            [
                "delete /admin/incidents/{id}", "delete /admin/load/{id}", "delete /api/signals",
                "get /admin/failure-mode", "get /admin/incidents/{id}", "get /admin/incidents/{id}/export", "get /admin/load", "get /admin/load/{id}", "get /admin/scenarios",
                "get /api/fixtures/commits", "get /api/fixtures/config",
                "get /api/incidents", "get /api/incidents/{id}", "get /api/incidents/{id}/actions", "get /api/incidents/{id}/evidence/commits",
                "get /api/incidents/{id}/evidence/config", "get /api/incidents/{id}/evidence/deploys", "get /api/incidents/{id}/evidence/logs",
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
    public async Task Docs_LoadsNothingFromAnotherHost()
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();

        var page = await http.GetStringAsync(new Uri("/docs/", UriKind.Relative));

        Assert.Contains("<script", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(ForeignSource(), page);
    }

    [GeneratedRegex("(src|href)=\"(https?:)?//")]
    private static partial Regex ForeignSource();
}
