using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using MockSre.Web.Http;

namespace MockSre.Web.Load;

/// <summary>Sends profile requests to this host over real HTTP. They look like outside traffic, except for a secret header.</summary>
internal sealed class OwnProfileClient(IServer server, PublicAddress address, ConnectionLimits connections) : IDisposable
{
    /// <summary>The header that marks requests of this process.</summary>
    public const string LoadHeader = "X-Load";

    private const int MarkBytes = 16;

    private readonly string _mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes));
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // Like outside traffic: no trace headers, no cookies, no proxy of this machine.
        ActivityHeadersPropagator = null,
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = Math.Min(LoadPlan.OpenLoop.MaxInFlight + LoadPlan.ClosedLoop.MaxConcurrency, connections.OwnRequests),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The address to call; null if the server has none that plain HTTP over TCP can reach.</summary>
    public Uri? Address => server.Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(BindingAddress.Parse)
        .Where(bound => bound.Scheme == Uri.UriSchemeHttp && !bound.IsUnixPipe)
        .Select(Reachable)
        .FirstOrDefault();

    /// <summary>Requests a profile, reads the whole answer and returns its status.</summary>
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
