using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MockSre.Web.Access;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.WebConsole;

/// <summary>Sign-in and sign-out of the console. They are form posts, because a circuit cannot set a cookie.</summary>
internal static class SessionEndpoints
{
    // Values of the "problem" parameter of the sign-in page.
    public const string Wrong = "wrong";
    public const string TooMany = "too-many";
    public const string Again = "again";

    public static string? Explain(string? problem) => problem switch
    {
        Wrong => "The token is wrong.",
        TooMany => "Too many wrong tokens. Wait a minute and try again.",
        Again => "The page is older than the last restart. Sign in again.",
        _ => null,
    };

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        // Needs no circuit, so it works while all console places are taken.
        // The result has a type: the generator of handlers does not know the page, which is generated too.
        routes.MapGet(
                SessionPaths.Page, IResult (HttpContext context, AdminAccess access) => SignInPage.Of(context, access, isLocked: false))
            .ExcludeFromDescription();

        // Each handler checks antiforgery itself: a form from before a restart leads back to the page, not to an error.
        routes.MapPost(SessionPaths.SignIn, SignInAsync).DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost(SessionPaths.SignOut, SignOutAsync).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async Task<RedirectHttpResult> SignInAsync(
        [FromForm] string? token, HttpContext context, IAntiforgery antiforgery, AdminAccess access, AdminSessions sessions)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.LocalRedirect($"~{SessionPaths.Page}?problem={Again}");
        }

        switch (access.SignIn(token, AdminGuard.Client(context.Connection.RemoteIpAddress), out var session))
        {
            case AdminDecision.Granted:
                sessions.Close(SessionCookie.SessionOf(context.User));
                SessionCookie.Write(context, session!);
                return TypedResults.LocalRedirect("~/");
            case AdminDecision.TooManyWrongTokens:
                return TypedResults.LocalRedirect($"~{SessionPaths.Page}?problem={TooMany}");
            default:
                return TypedResults.LocalRedirect($"~{SessionPaths.Page}?problem={Wrong}");
        }
    }

    // The form parameter makes the framework answer 400 to an unreadable form.
    private static async Task<RedirectHttpResult> SignOutAsync(
        IFormCollection form, HttpContext context, IAntiforgery antiforgery, AdminSessions sessions, ConsoleFeed consoles)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.LocalRedirect("~/");
        }

        sessions.Close(SessionCookie.SessionOf(context.User));
        SessionCookie.Delete(context);

        // Other tabs lock at once.
        consoles.Refresh();
        return TypedResults.LocalRedirect("~/");
    }
}
