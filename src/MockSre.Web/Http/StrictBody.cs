using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using MockSre.Domain;

namespace MockSre.Web.Http;

/// <summary>
/// Refuses bodies that an endpoint would ignore or misread: any body where it takes none, and JSON that is compressed or not in UTF-8.
/// </summary>
internal static class StrictBody
{
    /// <summary>The largest request body that is read; the largest one needed has fewer than a hundred bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>Clients that always send a body send an empty object, with little around it.</summary>
    private const int MaxIgnoredBytes = 64;

    /// <summary>Makes every endpoint of a group strict. Those with <c>Accepts</c> take a body, the others none.</summary>
    public static RouteGroupBuilder WithStrictBody(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint => endpoint.Metadata.Add(new BodyRule(endpoint.Metadata.OfType<IAcceptsMetadata>().Any())));
        return group;
    }

    /// <summary>Checks the body before a strict endpoint runs. A request without a body passes at once.</summary>
    public static void UseStrictBody(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && context.GetEndpoint()?.Metadata.GetMetadata<BodyRule>() is { } rule
            ? CheckAsync(context, rule, next)
            : next(context));

    private static async Task CheckAsync(HttpContext context, BodyRule rule, RequestDelegate next)
    {
        if (!rule.TakesBody)
        {
            if (!await SaysNothingAsync(context.Request))
            {
                await new Refusal(RefusalKind.Invalid, "Unexpected body", "This endpoint takes no body.").ToProblem().ExecuteAsync(context);
                return;
            }
        }
        else if (Misread(context.Request) is { } detail)
        {
            await TypedResults.Problem(
                statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Body of another kind", detail: detail).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static async Task<bool> SaysNothingAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxIgnoredBytes)
        {
            // The rest of the body is not read, so nothing else can come over this connection.
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

        var said = string.Concat(Encoding.ASCII.GetString(body, 0, length).Where(letter => !char.IsWhiteSpace(letter)));
        return length <= MaxIgnoredBytes && said is ("" or "{}");
    }

    private static string? Misread(HttpRequest request)
    {
        if (Names(HeaderNames.ContentEncoding, "identity") || Names(HeaderNames.TransferEncoding, "chunked"))
        {
            return "The body is compressed. Send it as it is.";
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.Charset is { HasValue: true } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? "The body is not in UTF-8. Send JSON in UTF-8."
            : null;

        // Any coding but the one that leaves the body as it is.
        bool Names(string header, string plain) =>
            request.Headers.GetCommaSeparatedValues(header).Any(coding => coding.Length > 0 && !coding.Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    /// <param name="TakesBody">Whether the endpoint reads a body.</param>
    private sealed record BodyRule(bool TakesBody);
}
