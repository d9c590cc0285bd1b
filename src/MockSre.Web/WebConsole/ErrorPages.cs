using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MockSre.Web.Http;

namespace MockSre.Web.WebConsole;

/// <summary>Writes problems as pages for people: for a browser that opens an address, outside the paths of programs.</summary>
internal sealed class ErrorPages(IWebHostEnvironment environment) : IProblemDetailsWriter
{
    private static readonly PathString[] Programs = ["/api", "/admin", "/openapi", "/health", "/metrics"];

    private readonly Lazy<string> _style = new(() =>
    {
        using var file = new StreamReader(environment.WebRootFileProvider.GetFileInfo("console.css").CreateReadStream());
        return file.ReadToEnd();
    });

    /// <summary>Whether a page answers a request better than JSON does.</summary>
    public static bool Suit(HttpRequest request) =>
        !Programs.Any(program => request.Path.StartsWithSegments(program))
        && HostGuard.IsAddress(request.Host)
        && request.GetTypedHeaders().Accept
            .Where(type => type.Quality is not 0 && (IsPage(type) || IsJson(type)))
            .MaxBy(type => type.Quality ?? 1) is { } preferred
        && IsPage(preferred);

    public bool CanWrite(ProblemDetailsContext context) => Suit(context.HttpContext.Request);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var request = context.HttpContext.Request;
        var problem = context.ProblemDetails;

        // An exception has taken the headers away.
        ContentPolicy.Apply(context.HttpContext);
        response.Headers[HeaderNames.CacheControl] = "no-store";
        var page = new RazorComponentResult<ErrorPage>(new
        {
            Base = $"{request.PathBase}/",
            Status = response.StatusCode,
            Title = problem.Title ?? ReasonPhrases.GetReasonPhrase(response.StatusCode),
            Detail = problem.Detail ?? Problems.Explain(response),
            Style = _style.Value,
        })
        {
            StatusCode = response.StatusCode,
        };
        await page.ExecuteAsync(context.HttpContext);
    }

    private static bool IsPage(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals(MediaTypeNames.Application.ProblemJson, StringComparison.OrdinalIgnoreCase);
}
