using System.Security.Claims;
using MockSre.Web.Http;

namespace MockSre.Web.Access;

/// <summary>
/// The cookie that carries a console session, and the user made of it: a circuit takes over the user of the request that opened it.
/// </summary>
internal static class SessionCookie
{
    private const string SessionClaim = "session";

    /// <summary>The session of a user; null for none.</summary>
    public static string? SessionOf(ClaimsPrincipal user) => user.FindFirst(SessionClaim)?.Value;

    /// <summary>Makes the user of a request out of its cookie.</summary>
    public static void Read(HttpContext context)
    {
        if (context.Request.Cookies[Name(context.Request)] is { Length: > 0 } session)
        {
            // Not an authenticated identity: forms would be bound to it, and those of other tabs fail after each sign-in and sign-out.
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(SessionClaim, session)]));
        }
    }

    /// <summary>Gives a session to the browser, until it is closed.</summary>
    public static void Write(HttpContext context, string session) => context.Response.Cookies.Append(Name(context.Request), session, Options(context.Request));

    /// <summary>Takes the session off the browser.</summary>
    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Options(context.Request));

    /// <summary>The name of the cookie of a service on this port.</summary>
    public static string NameAt(int port) => $"mocksre-session-{port}";

    // Cookies know no ports: without one in its name, a second service on this machine would overwrite the first one's.
    private static string Name(HttpRequest request) => NameAt(request.Host.Port ?? (request.IsHttps ? 443 : 80));

    private static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,

        // A proxy that ends TLS may say so in a header, or PUBLIC_URL does.
        Secure = request.IsHttps || IsFromTlsPage(request),
        IsEssential = true,
        Path = request.PathBase.HasValue ? request.PathBase.ToUriComponent() : "/",
    };
    private static bool IsFromTlsPage(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<PublicAddress>() is { IsHttps: true } address
        && address.IsOrigin(request.Headers.Origin);
}
