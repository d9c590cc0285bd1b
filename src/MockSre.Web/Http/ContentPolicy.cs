namespace MockSre.Web.Http;

/// <summary>Sets security headers on pages: they load nothing from other hosts, and no site can frame them.</summary>
internal sealed class ContentPolicy(RequestDelegate next)
{
    /// <summary>The policy of the console. MudBlazor writes its theme as an inline style, so inline styles are allowed.</summary>
    public const string Strict =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The policy of the API reference, which has an inline script.</summary>
    public const string Docs =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        // JSON needs no page policy, and the profile endpoint should stay cheap.
        if (!context.Request.Path.StartsWithSegments("/api"))
        {
            Apply(context);
        }

        return next(context);
    }

    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs") ? Docs : Strict;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
    }
}
