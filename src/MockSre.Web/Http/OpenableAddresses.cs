using System.Net;

namespace MockSre.Web.Http;

/// <summary>From the addresses that are bound to those that a person can open.</summary>
internal static class OpenableAddresses
{
    private const string ThisMachine = "localhost";

    /// <summary>
    /// An address bound on every interface becomes <c>localhost</c>, then each allowed host. An address of this machine in a network becomes
    /// the allowed hosts, because no other host is served there. Loopback addresses and unix sockets stay as they are.
    /// </summary>
    /// <param name="bound">The addresses as the server reports them.</param>
    /// <param name="allowedHosts">The hosts that are served beyond loopback.</param>
    public static IReadOnlyList<string> From(IEnumerable<string> bound, IReadOnlyList<string> allowedHosts) =>
        [.. bound.SelectMany(url => Open(BindingAddress.Parse(url), allowedHosts)).Distinct()];

    /// <summary>The next step for a person.</summary>
    /// <param name="openable">What <see cref="From"/> gave.</param>
    /// <returns>Null without any address.</returns>
    public static string? NextStep(IReadOnlyList<string> openable)
    {
        var sockets = openable.Select(BindingAddress.Parse).Where(address => address.IsUnixPipe).ToList();
        return openable.FirstOrDefault(url => !BindingAddress.Parse(url).IsUnixPipe) is { } url ? $"Open {url}"
            : sockets.Count > 0 ? $"Try curl --unix-socket {sockets[0].UnixPipePath} http://{ThisMachine}/health"
            : null;
    }

    private static IEnumerable<string> Open(BindingAddress address, IReadOnlyList<string> allowedHosts)
    {
        if (address.IsUnixPipe)
        {
            return [address.ToString()];
        }

        // Kestrel reports every name but localhost as one of these two addresses, since it binds it to all interfaces.
        // Another server may report the wildcard.
        var isIp = IPAddress.TryParse(address.Host, out var ip);
        IEnumerable<string> hosts = address.Host is "*" or "+" ? [ThisMachine, .. allowedHosts]
            : !isIp || IPAddress.IsLoopback(ip!) ? [address.Host]
            : ip!.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? [ThisMachine, .. allowedHosts]
            : allowedHosts.Count > 0 ? allowedHosts
            : [address.Host];

        // Leaves out the port where it is the scheme's own.
        return hosts.Select(host => new Uri($"{address.Scheme}://{host}:{address.Port}").GetLeftPart(UriPartial.Authority));
    }
}
