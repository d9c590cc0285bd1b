using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace MockSre.Web.Http;

/// <summary>Errors as they leave: problem details (RFC 9457) with a title a person understands, and nothing of the inside.</summary>
internal static class Problems
{
    private const string Unreadable = "The request could not be read.";

    /// <summary>Whether a request may change anything, by its method.</summary>
    public static bool ChangesState(this HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && !HttpMethods.IsOptions(context.Request.Method) && !HttpMethods.IsTrace(context.Request.Method);

    /// <summary>Answers with a problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="title">What is wrong; null for the status's own name.</param>
    /// <param name="detail">What it means, and what to do.</param>
    public static async Task WriteProblemAsync(this HttpContext context, int status, string? title = null, string? detail = null)
    {
        context.Response.StatusCode = status;

        // JSON is the answer for all that are not shown a page, also for a client that accepts something else alone.
        if (!PageRequests.PrefersPage(context.Request))
        {
            context.Request.Headers.Accept = "application/problem+json";
        }

        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails { Status = status, Title = title, Detail = detail },
        });
    }

    /// <summary>Answers where nothing else did, by the status alone.</summary>
    public static Task WriteStatusAsync(StatusCodeContext status)
    {
        var response = status.HttpContext.Response;
        var allowed = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
        {
            // Routing knows nothing of HeadRequests.
            response.Headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head).Order(StringComparer.Ordinal));
        }

        return status.HttpContext.WriteProblemAsync(response.StatusCode);
    }

    /// <summary>Problem details for whatever nothing else answers: unknown paths, wrong methods, bodies that cannot be read, mistakes of ours.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services
            .AddProblemDetails(options => options.CustomizeProblemDetails = problem =>
            {
                problem.ProblemDetails.Detail ??= Explain(problem.HttpContext.Response);
                problem.ProblemDetails.Instance = problem.HttpContext.Request.PathBase + problem.HttpContext.Request.Path;

                problem.ProblemDetails.Extensions["trace_id"] = problem.HttpContext.RequestServices.GetRequiredService<IHub>().CurrentTraceId();
            })
            .AddExceptionHandler<ExpectedExceptionHandler>();

    /// <summary>What a status means where nothing better is known; null where it says nothing more than its name.</summary>
    public static string? Explain(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => Unreadable,
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => $"This address takes {response.Headers.Allow}.",
        StatusCodes.Status408RequestTimeout => "The body did not arrive in time.",
        StatusCodes.Status413PayloadTooLarge => $"A body has at most {StrictBody.MaxBytes} bytes here.",
        StatusCodes.Status415UnsupportedMediaType =>
            "The body is of a kind that is not read here. The API takes 'Content-Type: application/json', "
            + "the sign-in page's forms 'Content-Type: application/x-www-form-urlencoded'.",
        StatusCodes.Status500InternalServerError => "Something in the service failed. The reason is in its log.",
        _ => null,
    };

    private sealed class ExpectedExceptionHandler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
        {
            switch (exception)
            {
                case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                    await context.WriteProblemAsync(StatusCodes.Status413PayloadTooLarge, "Body too large");
                    return true;
                case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                    await context.WriteProblemAsync(StatusCodes.Status408RequestTimeout, "Request timeout");
                    return true;
                case BadHttpRequestException bad:
                    await WriteUnreadableAsync(context, bad.StatusCode);
                    return true;
                case IOException when MayHaveBody(context):
                case NotSupportedException when !IsCharsetSupported(context.Request):
                    await WriteUnreadableAsync(context, StatusCodes.Status400BadRequest);
                    return true;
                case DbException:
                    await context.WriteProblemAsync(
                        StatusCodes.Status503ServiceUnavailable, "The database cannot be used", "If its file was deleted, restart the service.");
                    return true;
                default:
                    return false;
            }
        }

        private static Task WriteUnreadableAsync(HttpContext context, int status) =>
            context.WriteProblemAsync(status, "Bad request", Unreadable);

        // Endpoints do no other input or output that throws this: files are read at start, databases throw exceptions of their own.
        private static bool MayHaveBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

        private static bool IsCharsetSupported(HttpRequest request)
        {
            try
            {
                _ = request.GetTypedHeaders().ContentType?.Encoding;
                return true;
            }
            catch (NotSupportedException)
            {
                return false;
            }
        }
    }
}
