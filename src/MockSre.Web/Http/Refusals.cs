using Microsoft.AspNetCore.Http.HttpResults;

namespace MockSre.Web.Http;

/// <summary>Refusals as problem details.</summary>
internal static class Refusals
{
    /// <summary>A client can repeat a request that was too early after this time.</summary>
    private const int RetryAfterS = 5;

    /// <summary>Answers every refusal of a group's endpoints with problem details.</summary>
    public static RouteGroupBuilder WithRefusals(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (RefusedException e)
        {
            if (e.Refusal.Kind == RefusalKind.TooEarly)
            {
                context.HttpContext.Response.Headers.RetryAfter = RetryAfterS.ToString(CultureInfo.InvariantCulture);
            }

            return e.Refusal.ToProblem();
        }
    });

    public static ProblemHttpResult ToProblem(this Refusal refusal) =>
        TypedResults.Problem(statusCode: StatusOf(refusal.Kind), title: refusal.Title, detail: refusal.Detail);

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.NotNow or RefusalKind.TooEarly => StatusCodes.Status409Conflict,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
