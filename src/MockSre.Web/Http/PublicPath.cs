using Microsoft.AspNetCore.HttpOverrides;
using MockSre.Domain.Settings;

namespace MockSre.Web.Http;

/// <summary>
/// Gives every request the path base that clients see: the path of <c>PUBLIC_URL</c>, else the one that a trusted proxy names.
/// A proxy may keep the prefix in the path or strip it, and direct requests have none.
/// </summary>
internal sealed class PublicPath(RequestDelegate next, PublicAddress address)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var pathBase = address.Path ?? (IsPath(request.PathBase) ? request.PathBase : default);
        if (pathBase.HasValue && request.Path.StartsWithSegments(pathBase, out var rest))
        {
            request.Path = rest;
        }

        request.PathBase = pathBase;
        return next(context);
    }

    // A prefix such as //host would make every link of a page lead to another host. PUBLIC_URL may not have one either.
    private static bool IsPath(PathString pathBase) => pathBase.Value?.Contains("//", StringComparison.Ordinal) != true;
}

internal static class PublicPathRegistration
{
    /// <summary>Registers the public address, and the proxies whose headers are believed.</summary>
    public static void AddPublicAddress(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<PublicAddress>();

        // Also without any proxy: ASP.NET's own variable for this would otherwise believe everybody.
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = settings.Forwarders.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var forwarder in settings.Forwarders)
            {
                options.KnownIPNetworks.Add(forwarder);
            }

            // Each address in a chain of proxies is checked against the list, so the chain may have any length.
            options.ForwardLimit = null;
        });
    }

    /// <summary>Makes each request what the client sent to the public address.</summary>
    public static void UsePublicAddress(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServiceSettings>().Forwarders.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.UseMiddleware<PublicPath>();
    }
}
