using System.Security.Claims;
using MockSre.Web.Http;

namespace MockSre.Web.Access;

/// <summary>The cookie that carries a console session. A circuit takes over the user of the request that opened it.</summary>
internal static class SessionCookie
{
    private const string SessionClaim = "session";

    /// <summary>The session id of a user; null without one.</summary>
    public static string? SessionOf(ClaimsPrincipal user) => user.FindFirst(SessionClaim)?.Value;

    /// <summary>Sets the user of a request from its cookie.</summary>
    public static void Read(HttpContext context)
    {
        if (context.Request.Cookies[Name(context.Request)] is { Length: > 0 } session)
        {
            // The identity is not authenticated: otherwise forms of other tabs would fail after each sign-in and sign-out.
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(SessionClaim, session)]));
        }
    }

    /// <summary>Sets a cookie that lasts until the browser is closed.</summary>
    public static void Write(HttpContext context, string session) =>
        context.Response.Cookies.Append(Name(context.Request), session, Options(context.Request));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Options(context.Request));

    public static string NameAt(int port) => $"mocksre-session-{port}";

    // Browsers share cookies between ports. The port in the name keeps two services on one machine apart.
    private static string Name(HttpRequest request) => NameAt(request.Host.Port ?? (request.IsHttps ? 443 : 80));

    private static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,

        // Behind a proxy that ends TLS, a forwarded header or PUBLIC_URL gives the scheme.
        Secure = request.IsHttps || IsFromTlsPage(request),
        IsEssential = true,
        Path = request.PathBase.HasValue ? request.PathBase.ToUriComponent() : "/",
    };

    private static bool IsFromTlsPage(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<PublicAddress>() is { IsHttps: true } address
        && address.IsOrigin(request.Headers.Origin);
}
