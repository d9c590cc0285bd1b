using MockSre.Web.Access;
using MockSre.Web.Http;

namespace MockSre.Web.Incidents;

/// <summary>
/// While a blind incident run is open, hides everything but the profiles, the health, the sign-in and that run as its investigator
/// sees it. Callers with the admin token and signed-in sessions see all. Paths under /admin ask for the token themselves.
/// </summary>
/// <param name="next">The rest of the request.</param>
/// <param name="current">The open run.</param>
/// <param name="access">Decides about tokens and sessions.</param>
/// <param name="showLocked">Shows the sign-in page to a browser.</param>
internal sealed class BlindGuard(RequestDelegate next, CurrentRun current, AdminAccess access, BlindGuard.LockedPage showLocked)
{
    /// <summary>Where an investigator finds runs.</summary>
    public const string InvestigationPath = "/api/incidents";

    /// <summary>Answers a browser with the sign-in page.</summary>
    public delegate Task LockedPage(HttpContext context, int status);

    public Task InvokeAsync(HttpContext context)
    {
        if (current.Blind is not { } run || IsOpen(context.Request.Path, run.Incident.Id))
        {
            return next(context);
        }

        switch (Decide(context))
        {
            case AdminDecision.Granted:
                return next(context);
            case AdminDecision.TooManyWrongTokens:
                return AdminGuard.RefuseWrongTokensAsync(context);
        }

        return HttpMethods.IsGet(context.Request.Method) && PageRequests.AcceptsPage(context.Request)
            ? ShowSignInAsync(context)
            : context.WriteProblemAsync(StatusCodes.Status404NotFound, "Not Found", "There is nothing here.");
    }

    /// <summary>Whether a path is never hidden, whichever run is open.</summary>
    public static bool IsAlwaysOpen(PathString path) =>
        path.StartsWithSegments("/api/users/profile")
        || HealthProbe.IsPath(path)
        || path.StartsWithSegments("/admin");

    private static bool IsOpen(PathString path, string id) =>
        IsAlwaysOpen(path)
        || path.StartsWithSegments($"{InvestigationPath}/{id}")
        || path.Equals(SessionPaths.SignIn, StringComparison.OrdinalIgnoreCase);

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
        var isItsAddress = context.Request.Path.Equals(SessionPaths.Page, StringComparison.OrdinalIgnoreCase);
        return showLocked(context, isItsAddress ? StatusCodes.Status200OK : StatusCodes.Status404NotFound);
    }
}
