using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Web.Http;

namespace MockSre.Web.Api;

internal static class HealthApi
{
    public static void MapHealthApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(HealthProbe.Path, GetHealth)
            .WithTags("Health")
            .Describe("getHealth", "Check that the service is up", "Answers in every failure mode.");

    private static Ok<Health> GetHealth() => TypedResults.Ok(new Health("ok"));

    internal sealed record Health(string Status);
}
