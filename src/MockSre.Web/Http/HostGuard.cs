using Microsoft.Extensions.Primitives;

namespace MockSre.Web.Http;

/// <summary>
/// Serves known host names only, against DNS rebinding. Loopback clients use the loopback names, others the names in
/// <c>ALLOWED_HOSTS</c>. The host of <c>PUBLIC_URL</c> is always known. Health probes may use any name,
/// because load balancers and containers probe by address.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ServiceSettings settings, ListenAddresses addresses, PublicAddress address)
{
    private static readonly IList<StringSegment> LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly IList<StringSegment> _allowedHosts = [.. settings.AllowedHosts.Select(host => new StringSegment(host))];

    // A trusted proxy forwards the host name that its client used.
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
            StatusCodes.Status400BadRequest, "Unknown host",
            $"The Host header must be one of: {allowed}. Behind a proxy, set PUBLIC_URL to the address that browsers use.");
    }

    /// <summary>Whether a host makes a valid URL. A port over 65535 does not.</summary>
    public static bool IsAddress(HostString host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out _);

    private bool IsServed(HttpContext context)
    {
        var host = context.Request.Host;
        return HealthProbe.Is(context.Request)
            || (IsAddress(host) && (address.IsHost(host) || IsAllowed(host.Host, context.Connection.LocalIpAddress)));
    }

    private bool IsAllowed(string host, IPAddress? localAddress)
    {
        // A loopback client is on this machine, wherever else the service listens.
        var local = addresses.AreLoopback || localAddress is null || IPAddress.IsLoopback(localAddress);
        return (local && HostString.MatchesAny(host, LoopbackHosts))
            || (_hasAllowedHosts && _allowedHosts.Count > 0 && HostString.MatchesAny(host, _allowedHosts));
    }
}
