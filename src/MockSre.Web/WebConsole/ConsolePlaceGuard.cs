using System.Globalization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;
using MockSre.Web.Access;
using MockSre.Web.Http;

namespace MockSre.Web.WebConsole;

/// <summary>Answers 503 to a client for which there is no place, before there is a page that would stay empty or a connection that costs memory.</summary>
internal sealed class ConsolePlaceGuard(RequestDelegate next, ConsolePlaces places)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (OpensConnection(context))
        {
            var client = AdminGuard.Client(context.Connection.RemoteIpAddress);
            if (!places.TryReserve(client))
            {
                await RefuseAsync(context);
                return;
            }

            await next(context);
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                places.CancelReservation(client);
            }
        }
        else if (IsConsolePage(context) && !places.HasRoom(AdminGuard.Client(context.Connection.RemoteIpAddress)))
        {
            await RefuseAsync(context);
        }
        else
        {
            await next(context);
        }
    }

    private static bool IsConsolePage(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    // A request for a connection that exists names it; a negotiation always makes another one.
    private static bool OpensConnection(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<HubMetadata>() is not null
        && (metadata.GetMetadata<NegotiateMetadata>() is not null || StringValues.IsNullOrEmpty(context.Request.Query["id"]));

    private Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = ConsoleRegistration.ReconnectWindow.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return context.WriteProblemAsync(
            StatusCodes.Status503ServiceUnavailable,
            "Too many consoles",
            $"At most {places.Most} consoles may be open at once, {places.MostPerClient} from one address. Close one and try again.");
    }
}
