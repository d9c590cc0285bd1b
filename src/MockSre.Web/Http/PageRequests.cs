using System.Net.Mime;
using Microsoft.Net.Http.Headers;

namespace MockSre.Web.Http;

/// <summary>Tells a browser that opens an address from a program that calls the API.</summary>
internal static class PageRequests
{
    private static readonly PathString[] Programs = ["/api", "/admin", "/openapi", "/health", "/metrics"];

    /// <summary>Whether a page answers a request better than JSON does.</summary>
    public static bool PrefersPage(HttpRequest request) =>
        !Programs.Any(program => request.Path.StartsWithSegments(program))
        && HostGuard.IsAddress(request.Host)
        && request.GetTypedHeaders().Accept
            .Where(type => type.Quality is not 0 && (IsPage(type) || IsJson(type)))
            .MaxBy(type => type.Quality ?? 1) is { } preferred
        && IsPage(preferred);

    /// <summary>Whether a request accepts a page at all.</summary>
    public static bool AcceptsPage(HttpRequest request) => request.GetTypedHeaders().Accept.Any(IsPage);

    private static bool IsPage(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals(MediaTypeNames.Application.ProblemJson, StringComparison.OrdinalIgnoreCase);
}
