using System.Net.Mime;
using Microsoft.Net.Http.Headers;

namespace MockSre.Web.Http;

/// <summary>Distinguishes browsers from API clients.</summary>
internal static class PageRequests
{
    private static readonly PathString[] Programs = ["/api", "/admin", "/openapi", "/health", "/metrics"];

    /// <summary>Whether the client prefers HTML to JSON, outside the API's paths.</summary>
    public static bool PrefersPage(HttpRequest request) =>
        !Programs.Any(program => request.Path.StartsWithSegments(program))
        && HostGuard.IsAddress(request.Host)
        && request.GetTypedHeaders().Accept
            .Where(type => type.Quality is not 0 && (IsPage(type) || IsJson(type)))
            .MaxBy(type => type.Quality ?? 1) is { } preferred
        && IsPage(preferred);

    public static bool AcceptsPage(HttpRequest request) => request.GetTypedHeaders().Accept.Any(IsPage);

    private static bool IsPage(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals(MediaTypeNames.Application.ProblemJson, StringComparison.OrdinalIgnoreCase);
}
