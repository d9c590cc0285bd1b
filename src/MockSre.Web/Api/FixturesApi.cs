using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Domain.Fixtures;

namespace MockSre.Web.Api;

internal static class FixturesApi
{
    public static void MapFixturesApi(this IEndpointRouteBuilder routes)
    {
        var fixtures = routes.MapGroup("/api/fixtures")
            .WithTags("Fixtures");

        fixtures.MapGet("/commits", (FixtureReader reader) => Send(reader.ReadCommits))
            .Describe("listFixtureCommits", "List the fixture's commits",
                "The commits around the incident, newest first, as in fixtures/recent_commits.json.")
            .Produces<IReadOnlyList<DeployCommit>>();
        fixtures.MapGet("/config", (FixtureReader reader) => Send(reader.ReadConfig))
            .Describe("getFixtureConfig", "Get the fixture's configuration",
                "The configuration at the time of the incident, as in fixtures/config_snapshot.json.")
            .Produces<ConfigSnapshot>();
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Send<T>(Func<Fixture<T>> read)
    {
        try
        {
            return TypedResults.Bytes(read().Json, "application/json");
        }
        catch (FixtureException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status500InternalServerError, title: "A fixture file is broken");
        }
    }
}
