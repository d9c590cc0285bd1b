using Microsoft.AspNetCore.HttpOverrides;

namespace MockSre.Web.Http;

/// <summary>Sets the path base from <c>PUBLIC_URL</c> or a trusted proxy, whether or not the proxy keeps the prefix in the path.</summary>
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

    // With a prefix such as //host, every link of a page would lead to another host.
    private static bool IsPath(PathString pathBase) => pathBase.Value?.Contains("//", StringComparison.Ordinal) != true;
}

internal static class PublicPathRegistration
{
    /// <summary>Registers the public address and the trusted proxies.</summary>
    public static void AddPublicAddress(this IServiceCollection services)
    {
        services.AddSingleton<PublicAddress>();

        // Set without proxies too, because ASPNETCORE_FORWARDEDHEADERS_ENABLED would otherwise trust every sender.
        services.AddOptions<ForwardedHeadersOptions>().Configure<ServiceSettings>((options, settings) =>
        {
            options.ForwardedHeaders = settings.Forwarders.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var forwarder in settings.Forwarders)
            {
                options.KnownIPNetworks.Add(forwarder);
            }

            // Each proxy in a chain is checked against the list, so the chain can have any length.
            options.ForwardLimit = null;
        });
    }

    /// <summary>Restores the scheme, host and path that the client used.</summary>
    public static void UsePublicAddress(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServiceSettings>().Forwarders.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.UseMiddleware<PublicPath>();
    }
}
