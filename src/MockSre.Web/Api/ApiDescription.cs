using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using MockSre.Web.Access;
using Scalar.AspNetCore;

namespace MockSre.Web.Api;

/// <summary>The OpenAPI document, and a page to try the operations.</summary>
internal static class ApiDescription
{
    /// <summary>The path of the document.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>The security scheme of the admin token.</summary>
    public const string TokenScheme = "admin_token";

    /// <summary>The security scheme of a console session.</summary>
    public const string SessionScheme = "console_session";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Health", "Whether the service is up."),
        ("Profiles", "The endpoint that the failure modes break."),
        ("Metrics", "Live figures of the profile endpoint."),
        ("Admin", "The failure mode, and the reset."),
        ("Load", "Requests that the service sends to itself."),
        ("Signals", "Errors and transactions, as Sentry gets them."),
        ("Fixtures", "The commits and the configuration of Incident B."),
        ("Incidents", "Incident runs with the truth, for the person who starts them."),
        ("Investigation", "One incident run as its investigator sees it."),
    ];

    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            options.CreateSchemaReferenceId = NameOnce();
            options.AddSchemaTransformer(SchemaRules.ApplyAsync);
            options.AddOperationTransformer(CommonAnswers.DescribeAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Introduce(document);
                return Task.CompletedTask;
            });
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi(Path);

    public static void MapApiPage(this IEndpointRouteBuilder routes)
    {
        // The page calls no external service and links to none.
        routes.MapScalarApiReference("/docs", options =>
        {
            options.Title = "MockSre API";
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.Agent = new ScalarAgentOptions { Disabled = true };
            options.Mcp = new ScalarMcpOptions { Disabled = true };
            options.HideClientButton = true;
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.OperationTitleSource = OperationTitleSource.Path;
            options.DefaultOpenAllTags = true;
            options.HideModels = true;
        }).Add(page =>
        {
            // There is one document. For other names the page would be empty.
            if (page is RouteEndpointBuilder { RoutePattern.Parameters: [{ IsOptional: true, Name: var document }] } route)
            {
                route.RoutePattern = RoutePatternFactory.Parse($"/docs/{{{document}:regex(^v1$)?}}");
            }
        });
    }

    // Two types with one name would share a component, and one description would be wrong.
    private static Func<JsonTypeInfo, string?> NameOnce()
    {
        var named = new ConcurrentDictionary<string, Type>();
        return info =>
        {
            var name = OpenApiOptions.CreateDefaultSchemaReferenceId(info);
            var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
            return name is null || named.GetOrAdd(name, type) == type
                ? name
                : throw new InvalidOperationException($"Both {named[name]} and {type} would be the component {name}.");
        };
    }

    private static void Introduce(OpenApiDocument document)
    {
        document.Info.Title = "MockSre";
        document.Info.Version = "v1";
        document.Info.Description =
            "A service that breaks on purpose: five failure modes over a real cache, a real connection pool and a real database. "
            + "Errors are problem details (RFC 9457). Unless an operation says otherwise, it needs no token; "
            + "while a blind incident run is open, most of them need one.";
        var server = document.Servers is [{ Url: { } url }, ..] && Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? address
            : new Uri("http://localhost");

        // A relative URL is right for every host name.
        document.Servers =
        [new OpenApiServer { Url = $"/{server.AbsolutePath.Trim('/')}", Description = "The service that served this document." }];
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        document.AddComponent(TokenScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The ADMIN_TOKEN of the service. A service without ADMIN_TOKEN needs none.",
        });
        document.AddComponent(SessionScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = SessionCookie.NameAt(server.Port),
            Description = "Sent by a browser that is signed in to the console. It allows reading only.",
        });
    }
}
