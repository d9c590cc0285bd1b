using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MockSre.Web.Access;

namespace MockSre.Web.Api;

/// <summary>Signing in to the console and out of it: plain form posts, because a circuit cannot set a cookie.</summary>
internal static class SessionApi
{
    /// <summary>Where the sign-in form posts to.</summary>
    public const string SignInPath = "/session/sign-in";

    /// <summary>Where the sign-out form posts to.</summary>
    public const string SignOutPath = "/session/sign-out";

    /// <summary>The page that asks for the token.</summary>
    public const string Page = "/sign-in";

    /// <summary>What the page is told of a wrong token.</summary>
    public const string Wrong = "wrong";

    /// <summary>What the page is told of too many wrong tokens.</summary>
    public const string TooMany = "too-many";

    public static void MapSessionApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(SignInPath, SignIn).ExcludeFromDescription();
        routes.MapPost(SignOutPath, SignOut).ExcludeFromDescription();
    }

    // The token comes in the body alone, and nothing of it goes into what is answered.
    private static RedirectHttpResult SignIn([FromForm] string? token, HttpContext context, AdminAccess access, AdminSessions sessions)
    {
        switch (access.SignIn(token, AdminGuard.Client(context.Connection.RemoteIpAddress), out var session))
        {
            case AdminDecision.Granted:
                sessions.Close(SessionCookie.SessionOf(context.User));
                SessionCookie.Write(context, session!);
                return TypedResults.LocalRedirect("/");
            case AdminDecision.TooManyWrongTokens:
                return TypedResults.LocalRedirect($"{Page}?problem={TooMany}");
            default:
                return TypedResults.LocalRedirect($"{Page}?problem={Wrong}");
        }
    }

    // Its form has no other field, so that only the antiforgery token is read.
    private static RedirectHttpResult SignOut([FromForm] IFormCollection form, HttpContext context, AdminSessions sessions)
    {
        sessions.Close(SessionCookie.SessionOf(context.User));
        SessionCookie.Delete(context);
        return TypedResults.LocalRedirect("/");
    }
}
