using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MockSre.Web.Access;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.WebConsole;

/// <summary>Signing in to the console and out of it: plain form posts, because a circuit cannot set a cookie.</summary>
internal static class SessionEndpoints
{
    /// <summary>What the page is told of a wrong token.</summary>
    public const string Wrong = "wrong";

    /// <summary>What the page is told of too many wrong tokens.</summary>
    public const string TooMany = "too-many";

    /// <summary>What the page is told of a form that is no longer valid.</summary>
    public const string Again = "again";

    /// <summary>Says what one of these means; null for anything else.</summary>
    public static string? Explain(string? problem) => problem switch
    {
        Wrong => "That is not the token of this service.",
        TooMany => "Too many wrong tokens: wait a minute before trying again.",
        Again => "The page was from before a restart. Please sign in again.",
        _ => null,
    };

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        // Without a circuit, so that the page is there while every console's place is taken.
        routes.MapGet(SessionPaths.Page, (HttpContext context, AdminAccess access) => SignInPage.Of(context, access, isLocked: false)).ExcludeFromDescription();

        // Each checks its form itself, so that a page from before a restart leads on instead of ending in an error.
        routes.MapPost(SessionPaths.SignIn, SignInAsync).DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost(SessionPaths.SignOut, SignOutAsync).DisableAntiforgery().ExcludeFromDescription();
    }

    // The token comes in the body alone, and nothing of it goes into what is answered.
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

    // The form is a parameter so that one which cannot be read is answered with 400 before anything else.
    private static async Task<RedirectHttpResult> SignOutAsync(
        IFormCollection form, HttpContext context, IAntiforgery antiforgery, AdminSessions sessions, ConsoleFeed consoles)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.LocalRedirect("~/");
        }

        sessions.Close(SessionCookie.SessionOf(context.User));
        SessionCookie.Delete(context);

        // Its other windows lock at once, not with the next second.
        consoles.Refresh();
        return TypedResults.LocalRedirect("~/");
    }
}
