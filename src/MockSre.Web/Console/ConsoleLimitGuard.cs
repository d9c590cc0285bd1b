using Microsoft.AspNetCore.Components.Endpoints;
using MockSre.Web.Hosting;

namespace MockSre.Web.Console;

/// <summary>Tells whoever wants to open one console too many so, before there is a page that would stay empty.</summary>
internal sealed class ConsoleLimitGuard(RequestDelegate next, ConsoleLimit limit)
{
    public Task InvokeAsync(HttpContext context) =>
        limit.IsReached && OpensOne(context)
            ? context.WriteProblemAsync(
                StatusCodes.Status503ServiceUnavailable, "Too many consoles", $"Not more than {ConsoleLimit.Most} consoles may be open at once; close one and try again.")
            : next(context);

    // A connection that is found again names itself, and what says goodbye opens none.
    private static bool OpensOne(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        || (context.Request.Path.Value is "/_blazor" or "/_blazor/negotiate" && !context.Request.Query.ContainsKey("id"));
}
