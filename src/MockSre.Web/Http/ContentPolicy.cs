using Microsoft.Extensions.Primitives;

namespace MockSre.Web.Http;

/// <summary>Tells browsers what a page may load and who may frame it: nothing of any other host, and nobody.</summary>
internal sealed class ContentPolicy(RequestDelegate next)
{
    /// <summary>The policy of every page.</summary>
    /// <remarks>Styles may stand inline, since MudBlazor writes its theme so; scripts may not.</remarks>
    public const string Strict =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The policy of the API's page, whose script stands inline.</summary>
    public const string Docs =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly StringValues StrictValue = Strict;
    private static readonly StringValues DocsValue = Docs;
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues SameOrigin = "same-origin";

    public Task InvokeAsync(HttpContext context)
    {
        // Data is no page, and the profile endpoint is measured against a host that says nothing of the kind.
        if (!context.Request.Path.StartsWithSegments("/api"))
        {
            Apply(context);
        }

        return next(context);
    }

    /// <summary>Sets the headers of a page.</summary>
    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs") ? DocsValue : StrictValue;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = SameOrigin;
    }
}
