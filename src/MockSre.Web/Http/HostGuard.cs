using System.Net;
using Microsoft.Extensions.Primitives;
using MockSre.Domain.Settings;

namespace MockSre.Web.Http;

/// <summary>
/// Serves known host names only, so that no foreign name can be pointed at this address and read it from a browser (DNS
/// rebinding): on loopback the loopback names, elsewhere those of <c>ALLOWED_HOSTS</c>, and everywhere that of <c>PUBLIC_URL</c>.
/// Only health probes may use any name: load balancers and containers probe by address.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ServiceSettings settings, ListenAddresses addresses, PublicAddress address)
{
    private static readonly IList<StringSegment> LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly IList<StringSegment> _allowedHosts = [.. settings.AllowedHosts.Select(host => new StringSegment(host))];

    // Behind a trusted proxy, the host is the one that the proxy was asked for.
    private readonly bool _hasAllowedHosts = !addresses.AreLoopback || settings.Forwarders.Count > 0;

    public Task InvokeAsync(HttpContext context)
    {
        if (IsServed(context))
        {
            return next(context);
        }

        var others = _hasAllowedHosts ? " on this machine, or a host that ALLOWED_HOSTS or PUBLIC_URL names" : "";
        var allowed = string.Join(", ", LoopbackHosts) + others;
        return context.WriteProblemAsync(
            StatusCodes.Status400BadRequest,
            "Unknown host",
            $"The Host header must be one of: {allowed}. Behind a proxy, set PUBLIC_URL to the address that browsers use.");
    }

    /// <summary>Whether an address can be made with a host. It cannot where the port is over 65535, and pages need one.</summary>
    public static bool IsAddress(HostString host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out _);

    private bool IsServed(HttpContext context)
    {
        if (HealthProbe.Is(context.Request))
        {
            return true;
        }

        if (!IsAddress(context.Request.Host))
        {
            return false;
        }

        if (address.IsHost(context.Request.Host))
        {
            return true;
        }

        var host = context.Request.Host.Host;

        // Who comes over loopback is on this machine, wherever else the service listens.
        var local = addresses.AreLoopback || context.Connection.LocalIpAddress is null || IPAddress.IsLoopback(context.Connection.LocalIpAddress);
        return (local && HostString.MatchesAny(host, LoopbackHosts))
            || (_hasAllowedHosts && _allowedHosts.Count > 0 && HostString.MatchesAny(host, _allowedHosts));
    }
}
