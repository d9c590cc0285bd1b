using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace MockSre.Web.Http;

/// <summary>Refuses bodies that an endpoint would ignore or misread: unexpected ones, and JSON that is not plain UTF-8.</summary>
internal static class StrictBody
{
    /// <summary>The largest request body; the longest useful one is far shorter.</summary>
    public const int MaxBytes = 16 * 1024;

    // Some clients always send a body: an empty object, perhaps with whitespace.
    private const int MaxIgnoredBytes = 64;

    /// <summary>Makes all endpoints of a group strict. Only endpoints with <c>Accepts</c> metadata take a body.</summary>
    public static RouteGroupBuilder WithStrictBody(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
            endpoint.Metadata.Add(new BodyRule(TakesBody: endpoint.Metadata.OfType<IAcceptsMetadata>().Any())));
        return group;
    }

    /// <summary>Checks the body before a strict endpoint runs.</summary>
    public static void UseStrictBody(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        && context.GetEndpoint()?.Metadata.GetMetadata<BodyRule>() is { } rule
            ? CheckAsync(context, rule, next)
            : next(context));

    private static async Task CheckAsync(HttpContext context, BodyRule rule, RequestDelegate next)
    {
        if (!rule.TakesBody && !await IsEmptyAsync(context.Request))
        {
            await new Refusal(RefusalKind.Invalid, "Unexpected body", "This endpoint takes no body.").ToProblem().ExecuteAsync(context);
        }
        else if (rule.TakesBody && Misread(context.Request) is { } detail)
        {
            await TypedResults.Problem(detail, statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Unsupported body")
                .ExecuteAsync(context);
        }
        else
        {
            await next(context);
        }
    }

    private static async Task<bool> IsEmptyAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxIgnoredBytes)
        {
            // The body stays unread, so the connection cannot be used again.
            request.HttpContext.Response.Headers.Connection = "close";
            return false;
        }

        var body = new byte[MaxIgnoredBytes + 1];
        int length;
        try
        {
            length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return false;
        }

        var content = string.Concat(Encoding.ASCII.GetString(body, 0, length).Where(letter => !char.IsWhiteSpace(letter)));
        return length <= MaxIgnoredBytes && content is ("" or "{}");
    }

    private static string? Misread(HttpRequest request)
    {
        if (Names(HeaderNames.ContentEncoding, "identity") || Names(HeaderNames.TransferEncoding, "chunked"))
        {
            return "The body is compressed. Send it uncompressed.";
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.Charset is { HasValue: true } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? "The body is not in UTF-8. Send JSON in UTF-8."
            : null;

        // Whether a header names a coding that changes the body.
        bool Names(string header, string plain) =>
            request.Headers.GetCommaSeparatedValues(header)
                .Any(coding => coding.Length > 0 && !coding.Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    private sealed record BodyRule(bool TakesBody);
}
