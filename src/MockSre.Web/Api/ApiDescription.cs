using Microsoft.OpenApi;
using MockSre.Web.Access;
using Scalar.AspNetCore;

namespace MockSre.Web.Api;

/// <summary>The API's description for machines, and a page to try it.</summary>
internal static class ApiDescription
{
    private const string TokenScheme = "admin_token";

    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                Introduce(document);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AdminEndpoint>().Any())
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] }];
                }

                return Task.CompletedTask;
            });
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/v1.json");

        // Nothing on the page calls, or links to, a service of somebody else's.
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
        });
    }

    private static void Introduce(OpenApiDocument document)
    {
        document.Info.Title = "MockSre";
        document.Info.Version = "v1";
        document.Info.Description = "A service that breaks on purpose: five failure modes over a real cache, a real connection pool and a real database.";

        // The page calls the host it came from, whatever name that has.
        document.Servers?.Clear();
        document.AddComponent(TokenScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "ADMIN_TOKEN, where the service has one.",
        });
    }
}
