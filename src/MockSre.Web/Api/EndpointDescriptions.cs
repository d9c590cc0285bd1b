using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MockSre.Web.Api;

/// <summary>Describes operations, and parameters that handlers read as text so that an error can name the valid values.</summary>
internal static class EndpointDescriptions
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string id, string summary, string description) =>
        endpoint.WithName(id).WithSummary(summary).WithDescription(description);

    /// <summary>Describes a parameter in all operations that have it.</summary>
    public static TBuilder WithParameter<TBuilder>(this TBuilder endpoints, string name, string description, OpenApiSchema? schema = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.Name == name))
            {
                parameter.Description = description;
                parameter.Schema = schema ?? parameter.Schema;
            }

            return Task.CompletedTask;
        });

    public static OpenApiSchema WholeNumber(long least, long? most = null, long? byDefault = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = $"{least}",
        Maximum = most is { } limit ? $"{limit}" : null,
        Default = byDefault is { } value ? JsonValue.Create(value) : null,
    };

    public static OpenApiSchema OneOf(IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)word)],
    };
}
