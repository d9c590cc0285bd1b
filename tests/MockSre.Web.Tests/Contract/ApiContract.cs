using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace MockSre.Web.Tests.Contract;

/// <summary>Checks requests and answers against the OpenAPI document of the service.</summary>
internal sealed class ApiContract
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private static readonly Uri Document = new("https://mocksre.test/openapi/v1.json");
    private static readonly Lock Reading = new();
    private static Task<ApiContract>? _contract;

    // Listing every mistake costs more time than finding the first.
    private readonly EvaluationOptions _quick = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };
    private readonly EvaluationOptions _thorough = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = [];
    private readonly List<Operation> _operations;

    private ApiContract(JsonNode document)
    {
        CloseObjects(document["components"]!["schemas"]!);
        var registered = new JsonNodeBaseDocument(document, Document);
        _quick.SchemaRegistry.Register(registered);
        _thorough.SchemaRegistry.Register(registered);
        _operations =
        [
            .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => new Operation(
                operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()))),
        ];
    }

    /// <summary>Reads the document once. It is the same for all services.</summary>
    public static Task<ApiContract> OfAsync(WebApplicationFactory<Program> app)
    {
        lock (Reading)
        {
            return _contract ??= ReadAsync(app.Services);
        }
    }

    /// <summary>The mistakes of an answer. Null if it has none, or if the document does not have the path and method.</summary>
    /// <param name="mediaType">The media type of the answer. Null for an answer without a body.</param>
    /// <param name="body">Reads the body. Called only for JSON.</param>
    public async Task<string?> CheckAnswerAsync(string method, string path, int status, string? mediaType, Func<Task<string>> body)
    {
        if (Find(method, path) is not { } operation)
        {
            return null;
        }

        var code = status.ToString(CultureInfo.InvariantCulture);
        if (operation.Description["responses"]?[code] is not JsonObject answer)
        {
            return $"{operation} answered the undocumented status {code}.";
        }

        var content = answer["content"]?.AsObject();
        if (mediaType is null || content is null)
        {
            return mediaType is null == content is null
                ? null
                : $"{operation} answered {code} as {mediaType ?? "nothing"} instead of {content?.First().Key ?? "nothing"}.";
        }

        if (!content.ContainsKey(mediaType))
        {
            return $"{operation} answered {code} with the undocumented media type {mediaType}.";
        }

        return mediaType is Json or ProblemJson
            && Mistakes(operation, ["responses", code, "content", mediaType, "schema"], await body()) is { } mistakes
            ? $"{operation} answered {code} against its schema: {mistakes}"
            : null;
    }

    /// <summary>The mistakes of a request body. Null if it has none.</summary>
    public string? CheckRequest(string method, string path, string body)
    {
        var operation = Find(method, path) ?? throw new ArgumentException($"There is no {method} {path}.", nameof(path));
        return Mistakes(operation, ["requestBody", "content", Json, "schema"], body);
    }

    private static async Task<ApiContract> ReadAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        return new ApiContract(JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!);
    }

    // A published schema allows new members. In these tests, an unknown member is a mistake.
    private static void CloseObjects(JsonNode schemas)
    {
        foreach (
            var schema in schemas.AsObject().Select(schema => schema.Value!.AsObject()).Where(schema => schema["properties"] is not null))
        {
            schema["additionalProperties"] = false;
        }
    }

    private Operation? Find(string method, string path) =>
        _operations.Find(operation => operation.Method == method && operation.Path.IsMatch(path));

    private string? Mistakes(Operation operation, string[] at, string body)
    {
        var pointer = string.Concat(new[] { "paths", operation.Template, operation.Method.ToLowerInvariant() }
            .Concat(at)
            .Select(
                step => "/" + Uri.EscapeDataString(
                    step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))));
        var schema = _schemas.GetOrAdd(pointer, at => new JsonSchemaBuilder().Ref(new Uri(Document, $"#{at}")).Build());
        var json = JsonNode.Parse(body);
        return schema.Evaluate(json, _quick).IsValid
            ? null
            : string.Join("; ", schema.Evaluate(json, _thorough).Details
                .Where(detail => detail.HasErrors)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Key}: {error.Value}"))
                .Distinct()) + $" in {body}";
    }

    private sealed record Operation(string Method, string Template, JsonObject Description)
    {
        public Regex Path { get; } = new(
            "^" + Regex.Replace(Regex.Escape(Template.TrimEnd('/')), @"\\\{\w+}", "[^/]+") + "/?$", RegexOptions.IgnoreCase);

        public override string ToString() => $"{Method} {Template}";
    }
}
