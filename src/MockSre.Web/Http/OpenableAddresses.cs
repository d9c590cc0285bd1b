namespace MockSre.Web.Http;

/// <summary>Turns bound addresses into addresses that a person can open.</summary>
internal static class OpenableAddresses
{
    private const string ThisMachine = "localhost";

    /// <summary>
    /// An address on all interfaces becomes <c>localhost</c> and the allowed hosts. A network address becomes the allowed hosts, because
    /// no other host is served there. Loopback addresses and Unix sockets stay as they are.
    /// </summary>
    /// <param name="bound">The addresses that the server reports.</param>
    /// <param name="allowedHosts">The hosts served beyond loopback.</param>
    public static IReadOnlyList<string> From(IEnumerable<string> bound, IReadOnlyList<string> allowedHosts) =>
        [.. bound.SelectMany(url => Open(BindingAddress.Parse(url), allowedHosts)).Distinct()];

    /// <summary>Tells the operator what to open; null without any address.</summary>
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

        // Kestrel reports every name except localhost as the wildcard address. Another server may report "*" or "+".
        var isIp = IPAddress.TryParse(address.Host, out var ip);
        IEnumerable<string> hosts = address.Host is "*" or "+" ? [ThisMachine, .. allowedHosts]
            : !isIp || IPAddress.IsLoopback(ip!) ? [address.Host]
            : ip!.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? [ThisMachine, .. allowedHosts]
            : allowedHosts.Count > 0 ? allowedHosts
            : [address.Host];

        // GetLeftPart leaves out the scheme's default port.
        return hosts.Select(host => new Uri($"{address.Scheme}://{host}:{address.Port}").GetLeftPart(UriPartial.Authority));
    }
}
