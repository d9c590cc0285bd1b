using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace MockSre.Web.Http;

internal static class ConnectionRegistration
{
    public static void AddConnectionLimits(this WebApplicationBuilder builder, ConnectionLimits limits)
    {
        // Kestrel logs each refused or broken connection, so a client could fill the log. OpenConnections logs a summary.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.Services.AddSingleton(limits);
        builder.Services.AddSingleton<OpenConnections>();

        // Kestrel asks the factory that was registered last.
        builder.Services.AddSingleton<SocketTransportFactory>();
        builder.Services.AddSingleton<IConnectionListenerFactory, AcceptedConnections>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ConnectionLimits, OpenConnections>((kestrel, limits, connections) =>
        {
            // MaxConcurrentConnections stays unset. It counts closed connections until their code ends, and would refuse new ones.
            kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Upgraded;
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => context => connections.ServeAsync(context, next)));
        });
    }

    /// <summary>Marks a connection as busy while it has requests in flight.</summary>
    public static void UseConnectionLimits(this WebApplication app) => app.Use(async (context, next) =>
    {
        // The test server has no connections.
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
