using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace MockSre.Web.Http;

/// <summary>Writes errors as problem details (RFC 9457). They show no internals.</summary>
internal static class Problems
{
    private const string Unreadable = "The request could not be read.";

    public static bool ChangesState(this HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && !HttpMethods.IsOptions(context.Request.Method) && !HttpMethods.IsTrace(context.Request.Method);

    /// <param name="title">Null for the name of the status.</param>
    public static async Task WriteProblemAsync(this HttpContext context, int status, string? title = null, string? detail = null)
    {
        context.Response.StatusCode = status;

        // Everyone who gets no page gets JSON, whatever the client accepts.
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

    /// <summary>Writes a problem for a response that has only a status.</summary>
    public static Task WriteStatusAsync(StatusCodeContext status)
    {
        var response = status.HttpContext.Response;
        var allowed = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
        {
            // Routing does not know that HeadRequests answers HEAD.
            response.Headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head).Order(StringComparer.Ordinal));
        }

        return status.HttpContext.WriteProblemAsync(response.StatusCode);
    }

    /// <summary>Problem details for unknown paths, wrong methods, unreadable bodies and unexpected exceptions.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services
            .AddProblemDetails(options => options.CustomizeProblemDetails = problem =>
            {
                var context = problem.HttpContext;
                problem.ProblemDetails.Detail ??= Explain(context.Response);
                problem.ProblemDetails.Instance = context.Request.PathBase + context.Request.Path;
                problem.ProblemDetails.Extensions["trace_id"] = context.RequestServices.GetRequiredService<IHub>().CurrentTraceId();
            })
            .AddExceptionHandler<ExpectedExceptionHandler>();

    /// <summary>The default detail of a status; null if its name says enough.</summary>
    public static string? Explain(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => Unreadable,
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => $"Allowed methods: {response.Headers.Allow}.",
        StatusCodes.Status408RequestTimeout => "The body did not arrive in time.",
        StatusCodes.Status413PayloadTooLarge => $"A body can have at most {StrictBody.MaxBytes} bytes.",
        StatusCodes.Status415UnsupportedMediaType =>
            "The content type is not supported. The API reads 'Content-Type: application/json', "
            + "the sign-in form 'Content-Type: application/x-www-form-urlencoded'.",
        StatusCodes.Status500InternalServerError => "The service failed. See its log for the reason.",
        _ => null,
    };

    private sealed class ExpectedExceptionHandler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
        {
            (int Status, string Title, string? Detail)? problem = exception switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } e => (e.StatusCode, "Body too large", null),
                BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } e => (e.StatusCode, "Request timeout", null),
                BadHttpRequestException e => (e.StatusCode, "Bad request", Unreadable),
                IOException when MayHaveBody(context) => (StatusCodes.Status400BadRequest, "Bad request", Unreadable),
                NotSupportedException when !IsCharsetSupported(context.Request) =>
                    (StatusCodes.Status400BadRequest, "Bad request", Unreadable),
                DbException => (
                    StatusCodes.Status503ServiceUnavailable,
                    "The database cannot be used", "If its file was deleted, restart the service."),
                _ => null,
            };
            if (problem is not { } expected)
            {
                return false;
            }

            await context.WriteProblemAsync(expected.Status, expected.Title, expected.Detail);
            return true;
        }

        // Only reading the body throws an IOException here: files are read at start, and databases throw their own exceptions.
        private static bool MayHaveBody(HttpContext context) =>
            context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

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
