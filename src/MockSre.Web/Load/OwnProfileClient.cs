using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using MockSre.Domain.Load;
using MockSre.Web.Http;

namespace MockSre.Web.Load;

/// <summary>Asks this host's own profile endpoint over real HTTP, looking like traffic from outside but for a header that nobody else can know.</summary>
internal sealed class OwnProfileClient(IServer server, PublicAddress address, ConnectionLimits connections) : IDisposable
{
    /// <summary>The header that marks the requests of this process.</summary>
    public const string LoadHeader = "X-Load";

    private const int MarkBytes = 16;

    private readonly string _mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes));
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // Traffic from outside carries no trace of ours, no cookie, and follows no proxy of this machine.
        ActivityHeadersPropagator = null,
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = Math.Min(LoadPlan.OpenLoop.MaxInFlight + LoadPlan.ClosedLoop.MaxConcurrency, connections.OwnRequests),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The address to call; null while the server listens on none that plain HTTP over TCP can reach.</summary>
    public Uri? Address => server.Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(BindingAddress.Parse)
        .Where(bound => bound.Scheme == Uri.UriSchemeHttp && !bound.IsUnixPipe)
        .Select(Reachable)
        .FirstOrDefault();

    /// <summary>Requests a profile and reads the whole answer.</summary>
    /// <param name="user">The user id, as the address has it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer's status.</returns>
    public async Task<int> SendAsync(string user, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address!, $"/api/users/profile/{user}"));
        request.Headers.Add(LoadHeader, _mark);
        if (!request.RequestUri!.IsLoopback)
        {
            request.Headers.Host = address.Base.Authority;
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>Whether a request was sent by this process.</summary>
    public bool Sent(HttpRequest request) => request.Headers[LoadHeader] is [{ } mark] && mark == _mark;

    public void Dispose() => _http.Dispose();

    private static Uri Reachable(BindingAddress bound)
    {
        var host = !IPAddress.TryParse(bound.Host, out var ip) ? "localhost"
            : ip.Equals(IPAddress.Any) ? "127.0.0.1"
            : ip.Equals(IPAddress.IPv6Any) ? "[::1]"
            : bound.Host;
        return new Uri($"http://{host}:{bound.Port}");
    }
}
