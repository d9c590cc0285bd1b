using Microsoft.AspNetCore.Http.HttpResults;

namespace MockSre.Web.Api;

internal static class HealthApi
{
    private const string Path = "/health";

    /// <summary>Whether a request is a health probe, and nothing else.</summary>
    public static bool IsProbe(HttpRequest request) => HttpMethods.IsGet(request.Method) && IsHealth(request.Path);

    /// <summary>Whether a path is exactly that of the health endpoint.</summary>
    public static bool IsHealth(PathString path) => path.Equals(Path, StringComparison.OrdinalIgnoreCase);

    public static void MapHealthApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, GetHealth)
            .WithTags("Health")
            .WithName("getHealth")
            .WithSummary("Check that the service is up")
            .WithDescription("Answers in every failure mode.");

    private static Ok<Health> GetHealth() => TypedResults.Ok(Health.Up);

    internal sealed record Health(string Status)
    {
        public static Health Up { get; } = new("ok");
    }
}
