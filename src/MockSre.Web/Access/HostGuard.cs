using System.Net;
using Microsoft.Extensions.Primitives;
using MockSre.Domain.Settings;
using MockSre.Web.Hosting;

namespace MockSre.Web.Access;

/// <summary>
/// Serves known host names only, so that no foreign name can be pointed at this address and read it from a browser (DNS
/// rebinding): on loopback the loopback names, elsewhere those of <c>ALLOWED_HOSTS</c>.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ServiceSettings settings, ListenAddresses addresses)
{
    private static readonly IList<StringSegment> LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly IList<StringSegment> _allowedHosts = [.. settings.AllowedHosts.Select(host => new StringSegment(host))];

    public Task InvokeAsync(HttpContext context)
    {
        if (IsServed(context))
        {
            return next(context);
        }

        var allowed = string.Join(", ", LoopbackHosts) + (addresses.AreLoopback ? "" : " on this machine, or a host that ALLOWED_HOSTS names");
        return context.WriteProblemAsync(StatusCodes.Status400BadRequest, "Unknown host", $"The Host header must be one of: {allowed}.");
    }

    private bool IsServed(HttpContext context)
    {
        var host = context.Request.Host.Host;

        // Who comes over loopback is on this machine, wherever else the service listens.
        var local = addresses.AreLoopback || context.Connection.LocalIpAddress is null || IPAddress.IsLoopback(context.Connection.LocalIpAddress);
        return (local && HostString.MatchesAny(host, LoopbackHosts))
            || (!addresses.AreLoopback && _allowedHosts.Count > 0 && HostString.MatchesAny(host, _allowedHosts));
    }
}
