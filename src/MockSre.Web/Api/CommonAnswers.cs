using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MockSre.Web.Access;
using MockSre.Web.Incidents;

namespace MockSre.Web.Api;

/// <summary>Describes the responses and rights that come from middleware, so that endpoints need not repeat them.</summary>
internal static class CommonAnswers
{
    private const string ProblemJson = "application/problem+json";

    private static readonly Dictionary<int, string> Reasons = new()
    {
        [StatusCodes.Status400BadRequest] = "A parameter, the body or the Host header is not valid.",
        [StatusCodes.Status401Unauthorized] = "The admin token is missing or wrong.",
        [StatusCodes.Status403Forbidden] = "The service is not started with ENV=demo, or the request comes from a page of another origin.",
        [StatusCodes.Status404NotFound] = "Not found. While a blind incident run is open, also the answer to a request without the token.",
        [StatusCodes.Status408RequestTimeout] = "The body did not arrive in time.",
        [StatusCodes.Status409Conflict] = "Not possible in the present state of the service.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is too large.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is not declared as application/json.",
        [StatusCodes.Status429TooManyRequests] = "Too many requests, or too many wrong tokens.",
        [StatusCodes.Status500InternalServerError] = "The service failed.",
        [StatusCodes.Status503ServiceUnavailable] = "The database cannot be used.",
    };

    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var changes = !HttpMethods.IsGet(context.Description.HttpMethod!);
        var takesRights = context.Description.ActionDescriptor.EndpointMetadata.OfType<AdminEndpoint>().Any();
        var isHidden = !BlindGuard.IsAlwaysOpen($"/{context.Description.RelativePath}");

        // An empty requirement means that no scheme is needed.
        operation.Security = !takesRights && !isHidden ? [] :
        [
            .. takesRights ? [] : new[] { new OpenApiSecurityRequirement() },
            Scheme(ApiDescription.TokenScheme),
            .. changes ? [] : new[] { Scheme(ApiDescription.SessionScheme) },
        ];

        int[] problems =
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status500InternalServerError,
            .. changes ? new[] { StatusCodes.Status403Forbidden } : [],
            .. takesRights ? new[] { StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests } : [],
            .. isHidden ? new[] { StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests } : [],
            .. operation.RequestBody is null
                ? []
                : new[] { StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType },
        ];
        operation.Responses ??= [];
        foreach (var status in problems)
        {
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemJson] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(ProblemDetails), document) },
                },
            });
        }

        var sorted = operation.Responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses.Clear();
        foreach (var (status, response) in sorted)
        {
            response.Description = Reasons.GetValueOrDefault(int.Parse(status, CultureInfo.InvariantCulture), response.Description!);
            operation.Responses.Add(status, response);
        }

        return Task.CompletedTask;

        OpenApiSecurityRequirement Scheme(string name) => new() { [new OpenApiSecuritySchemeReference(name, document)] = [] };
    }
}
