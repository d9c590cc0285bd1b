using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;
using MockSre.Web.Access;
using MockSre.Web.Http;

namespace MockSre.Web.WebConsole;

/// <summary>Answers 503 when all places of <see cref="ConsolePlaces"/> are taken, before a page or a connection costs memory.</summary>
internal sealed class ConsolePlaceGuard(RequestDelegate next, ConsolePlaces places)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var client = AdminGuard.Client(context.Connection.RemoteIpAddress);
        var opens = OpensConnection(context);
        if (opens ? !places.TryReserve(client) : IsConsolePage(context) && !places.HasRoom(client))
        {
            await RefuseAsync(context);
            return;
        }

        await next(context);
        if (opens && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            places.CancelReservation(client);
        }
    }

    private static bool IsConsolePage(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    // Requests of an existing connection carry its id. A negotiation always opens a new one.
    private static bool OpensConnection(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<HubMetadata>() is not null
        && (metadata.GetMetadata<NegotiateMetadata>() is not null || StringValues.IsNullOrEmpty(context.Request.Query["id"]));

    private Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = ConsoleRegistration.ReconnectWindow.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return context.WriteProblemAsync(
            StatusCodes.Status503ServiceUnavailable,
            "Too many open consoles",
            $"At most {places.Most} consoles can be open at once, {places.MostPerClient} from one address. Close one and try again.");
    }
}
