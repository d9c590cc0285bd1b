using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MockSre.Web.Http;

/// <summary>The address that clients use. Every link that the service sends begins with it.</summary>
internal sealed class PublicAddress(ServiceSettings settings, IServer server)
{
    /// <summary><c>PUBLIC_URL</c>, else the first allowed host if it listens beyond loopback, else localhost. Ends in a slash.</summary>
    public Uri Base => settings.PublicUrl ?? FromServer();

    /// <summary>The path of <c>PUBLIC_URL</c>: empty for the root, null without <c>PUBLIC_URL</c>.</summary>
    public PathString? Path { get; } =
        settings.PublicUrl is { } url ? PathString.FromUriComponent(url.AbsolutePath.TrimEnd('/')) : default(PathString?);

    /// <summary>Whether the scheme of <c>PUBLIC_URL</c> is https.</summary>
    public bool IsHttps => settings.PublicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <param name="path">Relative to <see cref="Base"/>, without a leading slash.</param>
    public Uri Link(string path) => new(Base, path);

    /// <summary>Whether an Origin header names <c>PUBLIC_URL</c>.</summary>
    public bool IsOrigin(string? origin) =>
        settings.PublicUrl is { } url
        && Uri.TryCreate(origin, UriKind.Absolute, out var other)
        && (url.Scheme, url.IdnHost, url.Port) == (other.Scheme, other.IdnHost, other.Port);

    /// <summary>Whether a Host header names the host of <c>PUBLIC_URL</c>, on any port.</summary>
    public bool IsHost(HostString host) =>
        settings.PublicUrl is { } url
        && string.Equals(HostString.FromUriComponent(url).Host, host.Host, StringComparison.OrdinalIgnoreCase);

    private Uri FromServer()
    {
        var addresses = (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(BindingAddress.Parse)
            .Where(address => !address.IsUnixPipe)
            .ToList();
        return settings.AllowedHosts is [var host, ..] && addresses.Find(address => !ListenAddresses.IsLoopback(address)) is { } beyond
            ? new UriBuilder(beyond.Scheme, host, beyond.Port).Uri
            : addresses is [var first, ..] ? new UriBuilder(first.Scheme, "localhost", first.Port).Uri : new Uri("http://localhost/");
    }
}
