using Scalar.AspNetCore;

namespace MockSre.Web.Api;

/// <summary>The API's description for machines, and a page to try it.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "MockSre";
            document.Info.Version = "v1";
            document.Info.Description = "A service that breaks on purpose.";

            // The page calls the host it came from, whatever name that has.
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));

    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes.MapScalarApiReference("/docs", options =>
        {
            options.Title = "MockSre API";
            options.DefaultFonts = false;
        });
    }
}
