using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MockSre.Web.Http;

namespace MockSre.Web.Api;

/// <summary>Corrects schemas where the types do not describe the JSON completely.</summary>
internal static class SchemaRules
{
    // The generator's mark for a member that refers to a component and is nullable.
    private const string NullableMember = "x-is-nullable-property";

    public static Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }
        else if (type.IsEnum)
        {
            // Nullability belongs to the member, because members share the component.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. schema.Enum!.Where(word => word?.GetValueKind() == JsonValueKind.String)];
        }
        else if (type == typeof(DateTimeOffset))
        {
            // The generator does not know that our converter writes text.
            var canBeNull = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is not null;
            schema.Type = canBeNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            schema.Format = "date-time";
        }
        else if (type == typeof(TraitSet))
        {
            DescribeTraits(schema);
        }
        else if (type == typeof(JsonValue))
        {
            schema.Type = JsonSchemaType.Integer | JsonSchemaType.Boolean;
            schema.Description = "The value of a setting.";
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            RequireMembers(schema, context.JsonTypeInfo);
        }

        if (context.JsonPropertyInfo is { } member)
        {
            DescribeMember(schema, member);
        }

        return Task.CompletedTask;
    }

    // The generator requires only constructor parameters. All other members are written too, unless a condition omits them.
    private static void RequireMembers(OpenApiSchema schema, JsonTypeInfo type)
    {
        schema.Required ??= new HashSet<string>();
        var written = type.Properties.Where(member => member is { Get: not null, ShouldSerialize: null, AssociatedParameter: null });
        foreach (var member in written)
        {
            if (schema.Properties?.ContainsKey(member.Name) == true)
            {
                schema.Required.Add(member.Name);
            }
        }
    }

    private static void DescribeMember(OpenApiSchema schema, JsonPropertyInfo member)
    {
        if (member.CustomConverter is JsonBody.ScalarAsText)
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Boolean | JsonSchemaType.Null;
        }

        var isRequired = member.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) == true;

        // The generator treats a member without a setter as nullable.
        var isNeverNull = member is { Set: null, IsGetNullable: false };
        var isLeftOutInstead = member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];
        if (isRequired || isNeverNull || isLeftOutInstead)
        {
            schema.Type &= ~JsonSchemaType.Null;
            schema.Metadata?.Remove(NullableMember);
        }
        else if (member is { Set: null, IsGetNullable: true } && schema.Type?.HasFlag(JsonSchemaType.Null) == false)
        {
            // It refers to a component. The generator marks only members with a setter.
            (schema.Metadata ??= new Dictionary<string, object>())[NullableMember] = true;
        }
    }

    private static void DescribeTraits(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var setting in FaultCatalog.Settings)
        {
            var (group, name) = TraitSetConverter.Split(setting);
            var parent = schema;
            if (group.Length > 0)
            {
                if (!schema.Properties.TryGetValue(group, out var known))
                {
                    schema.Properties[group] = known = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>(),
                    };
                }

                parent = (OpenApiSchema)known;
            }

            parent.Properties![name] = setting is Number number
                ? new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int32",
                    Description = setting.Description,
                    Minimum = $"{number.Least}",
                    Maximum = $"{number.Most}",
                }
                : new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = setting.Description };
        }
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "What went wrong (RFC 9457).";
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("A URI of the kind of problem."),
            ["title"] = Text("The problem in a few words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = Text("The problem in a sentence."),
            ["instance"] = Text("The path of the request."),
            ["trace_id"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Null,
                Description = "The trace of the request.",
            },
        };
        schema.Required = new HashSet<string> { "title", "status", "instance", "trace_id" };

        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
    }
}
