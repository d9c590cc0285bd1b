using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MockSre.Web.Http;

namespace MockSre.Web.WebConsole;

/// <summary>Writes problems as HTML for browsers, outside the API's paths.</summary>
internal sealed class ErrorPages : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => PageRequests.PrefersPage(context.HttpContext.Request);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var request = context.HttpContext.Request;
        var problem = context.ProblemDetails;

        // The exception handler has cleared the headers.
        ContentPolicy.Apply(context.HttpContext);
        response.Headers[HeaderNames.CacheControl] = "no-store";
        var page = new RazorComponentResult<ErrorPage>(new
        {
            Base = $"{request.PathBase}/",
            Status = response.StatusCode,
            Title = problem.Title ?? ReasonPhrases.GetReasonPhrase(response.StatusCode),
            Detail = problem.Detail ?? Problems.Explain(response),
        })
        {
            StatusCode = response.StatusCode,
        };
        await page.ExecuteAsync(context.HttpContext);
    }
}
