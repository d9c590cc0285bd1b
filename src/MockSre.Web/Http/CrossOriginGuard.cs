using Microsoft.Net.Http.Headers;

namespace MockSre.Web.Http;

/// <summary>Refuses changes, and console circuits, from pages of other origins. Programs such as curl send no origin and pass.</summary>
internal sealed class CrossOriginGuard(RequestDelegate next, PublicAddress address)
{
    private const string SecFetchSite = "Sec-Fetch-Site";

    public Task InvokeAsync(HttpContext context) =>
        (!context.ChangesState() && !context.Request.Path.StartsWithSegments("/_blazor")) || IsOwn(context.Request)
            ? next(context)
            : context.WriteProblemAsync(
                StatusCodes.Status403Forbidden,
                "Request from another origin",
                "Only pages of this service, and programs, can change anything here. "
                + "Behind a proxy, set PUBLIC_URL to the address that browsers use. "
                + "Or set FORWARDED_HEADERS to the proxy's address, if it sends X-Forwarded-Host or keeps the Host header.");

    private bool IsOwn(HttpRequest request)
    {
        var site = request.Headers[SecFetchSite];
        var origin = request.Headers[HeaderNames.Origin];
        return (site.Count == 0 || site is ["same-origin" or "none"])
            && (origin.Count == 0 || (origin is [{ } only] && (IsSame(only, request) || address.IsOrigin(only))));
    }

    // Host and port are compared, not the scheme: behind a proxy that ends TLS, the browser and the service see different schemes.
    private static bool IsSame(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
