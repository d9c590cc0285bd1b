using System.Net.Mime;
using MockSre.Web.Api;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Access;

/// <summary>
/// While a blind incident run is open, lets whoever has not shown the admin token reach the profiles, the health, and that run as its investigator sees
/// it. Everything else is as if it were not there, but the way to sign in, and what asks for the token anyway.
/// </summary>
internal sealed class BlindGuard(RequestDelegate next, IncidentDesk incidents, AdminAccess access)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (incidents.OpenBlind is not { } run || IsOpen(context.Request.Path, run.Incident.Id))
        {
            return next(context);
        }

        switch (Decide(context))
        {
            case AdminDecision.Granted:
                return next(context);
            case AdminDecision.TooManyWrongTokens:
                return context.WriteTooManyWrongTokensAsync();
        }

        return HttpMethods.IsGet(context.Request.Method) && AcceptsPages(context.Request)
            ? ShowSignInAsync(context)
            : context.WriteProblemAsync(StatusCodes.Status404NotFound, "Not Found", "There is nothing here.");
    }

    /// <summary>Whether a path is never hidden, whichever run is open.</summary>
    public static bool IsAlwaysOpen(PathString path) =>
        path.StartsWithSegments("/api/users/profile")
        || HealthApi.IsHealth(path)
        || path.StartsWithSegments("/admin");

    private static bool IsOpen(PathString path, string id) =>
        IsAlwaysOpen(path)
        || path.StartsWithSegments($"{InvestigationApi.Path}/{id}")
        || path.Equals(SessionApi.SignInPath, StringComparison.OrdinalIgnoreCase);

    private static bool AcceptsPages(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase));

    private AdminDecision Decide(HttpContext context)
    {
        SessionCookie.Read(context);
        var bySession = access.Decide(changes: false, SessionCookie.SessionOf(context.User));
        return bySession == AdminDecision.Granted || AdminGuard.BearerToken(context.Request) is not { } token
            ? bySession
            : access.Decide(changes: false, token, AdminGuard.Client(context.Connection.RemoteIpAddress));
    }

    private Task ShowSignInAsync(HttpContext context)
    {
        var isItsAddress = context.Request.Path.Equals(SessionApi.Page, StringComparison.OrdinalIgnoreCase);
        return SignInPage.Of(context, access, isLocked: true, isItsAddress ? StatusCodes.Status200OK : StatusCodes.Status404NotFound).ExecuteAsync(context);
    }
}
