using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MockSre.Web.Api;

/// <summary>Describes parameters that handlers read as text, so that a refusal can name what is right.</summary>
internal static class ParameterDescriptions
{
    /// <summary>Describes a parameter of each operation that has it.</summary>
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

    /// <summary>A whole number.</summary>
    public static OpenApiSchema WholeNumber(long least, long? most = null, long? byDefault = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = Text(least),
        Maximum = most is { } limit ? Text(limit) : null,
        Default = byDefault is { } value ? JsonValue.Create(value) : null,
    };

    /// <summary>One of some words.</summary>
    public static OpenApiSchema OneOf(IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)word)],
    };

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
