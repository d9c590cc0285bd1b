using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Web.Profiles;

namespace MockSre.Web.Api;

internal static class ProfileApi
{
    // The template has no constraint, because it is the transaction's name in Sentry.
    public static void MapProfileApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/users/profile/{user_id}", GetProfile)
            .WithMetadata(new ProfileEndpoint())
            .WithTags("Profiles")
            .Describe("getProfile", "Get a user's profile",
                "A profile with its last activity. The failure modes apply here. The header X-Failure-Mode names the mode; "
                + "X-Cache is hit, miss or bypass.")
            .WithParameter("user_id", "The id of the user. The seeded users are 1 to 10.", EndpointDescriptions.WholeNumber(1))
            .Produces<UserProfile>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<Results<JsonHttpResult<UserProfile>, ProblemHttpResult>> GetProfile(string user_id, HttpContext context)
    {
        if (!IsPositiveWholeNumber(user_id))
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status400BadRequest,
                title: "Not a user id",
                detail: "A user id is a positive whole number, such as 7.");
        }

        var request = context.Features.Get<ProfileRequest>()!;
        return int.TryParse(user_id, NumberStyles.None, CultureInfo.InvariantCulture, out var userId)
            && await request.Profiles.ReadAsync(userId, request, context.RequestAborted) is { } profile
            ? TypedResults.Json(profile, ProfileJson.Default.UserProfile)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown user", detail: "No user has this id.");
    }

    // Of any length: a number too large for the database is an unknown user, not an invalid id.
    private static bool IsPositiveWholeNumber(string text) => text.All(char.IsAsciiDigit) && text.Any(digit => digit != '0');
}

/// <summary>Serialises profiles without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UserProfile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
