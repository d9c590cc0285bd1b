using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Net.Http.Headers;
using MockSre.Domain.Settings;
using MockSre.Web.Api;
using MockSre.Web.Hosting;
using MockSre.Web.Incidents;

namespace MockSre.Web.Access;

/// <summary>
/// While a blind incident run is open, lets whoever has not shown the admin token reach the profiles, the health, and that run as its investigator sees
/// it. Everything else is as if it were not there, but the way to sign in, and what asks for the token anyway.
/// </summary>
internal sealed class BlindGuard(RequestDelegate next, IncidentDesk incidents, AdminAccess access, IAntiforgery antiforgery)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (incidents.OpenBlind is not { } run || IsOpen(context.Request.Path, run.Dossier.Id))
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
        || path.Equals("/health", StringComparison.OrdinalIgnoreCase)
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

    // Plain, without a script or a style sheet: those are locked as well.
    private Task ShowSignInAsync(HttpContext context)
    {
        var form = antiforgery.GetAndStoreTokens(context);
        var problem = SessionApi.Explain(context.Request.Query["problem"]);
        context.Response.StatusCode = context.Request.Path.Equals(SessionApi.Page, StringComparison.OrdinalIgnoreCase) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return context.Response.WriteAsync(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8" />
              <meta name="viewport" content="width=device-width, initial-scale=1" />
              <meta name="color-scheme" content="light dark" />
              <title>Sign in – MockSre</title>
              <style>
                body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem; }
                label, input, button { display: block; font: inherit; margin-top: .75rem; }
                input { width: 100%; box-sizing: border-box; padding: .5rem; }
                button { padding: .5rem 1.25rem; }
                [hidden] { display: none; }
              </style>
            </head>
            <body>
              <h1>Locked</h1>
              <p>An investigation is under way. Who runs it can sign in with the admin token.</p>
              {{(problem is null ? "" : $"""<p role="alert">{HtmlEncoder.Default.Encode(problem)}</p>""")}}
              <form method="post" action="{{SessionApi.SignInPath}}">
                <input type="hidden" name="{{form.FormFieldName}}" value="{{form.RequestToken}}" />
                <input type="text" name="username" value="admin" autocomplete="username" hidden />
                <label for="token">Admin token</label>
                <input id="token" name="token" type="password" required maxlength="{{ServiceSettings.MaxAdminTokenLength}}" autocomplete="current-password" />
                <button>Sign in</button>
              </form>
            </body>
            </html>

            """,
            Encoding.UTF8,
            context.RequestAborted);
    }
}
