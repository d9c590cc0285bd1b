using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MockSre.Web.Http;

/// <summary>Holds the server to its <see cref="ConnectionLimits"/>.</summary>
internal static class ConnectionRegistration
{
    public static void AddConnectionLimits(this WebApplicationBuilder builder, ConnectionLimits limits)
    {
        // The server warns of each connection that it refuses or that a client breaks off. Clients could fill the log with them; OpenConnections sums them up.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.Services.AddSingleton(limits);
        builder.Services.AddSingleton<OpenConnections>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ConnectionLimits, OpenConnections>((kestrel, limits, connections) =>
        {
            // MaxConcurrentConnections stays unset: it counts a closed connection until its code has ended, and would refuse new ones meanwhile.
            kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Upgraded;
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => context => connections.ServeAsync(context, next)));
        });
    }

    /// <summary>Marks a connection as busy for as long as it has requests under way.</summary>
    public static void UseConnectionLimits(this WebApplication app) => app.Use(async (context, next) =>
    {
        // A server without sockets, as tests have it, knows no connections.
        var connection = context.Features.Get<OpenConnection>();
        connection?.BeginRequest();
        try
        {
            await next(context);
        }
        finally
        {
            connection?.EndRequest();
        }
    });
}
