using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace MockSre.Checks.Faults;

/// <summary>An HTTP client for one service. It never follows redirects and keeps no cookies.</summary>
internal sealed class FaultClient : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;

    /// <param name="server">The address of the service.</param>
    /// <param name="token">The admin token; null for none.</param>
    /// <param name="keepsConnections">Whether calls share connections. If not, each call opens a new one.</param>
    public FaultClient(Uri server, string? token = null, bool keepsConnections = true)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = keepsConnections ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(20),
        };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<(int Status, string Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <exception cref="HttpRequestException">The status is not 2xx.</exception>
    public async Task<JsonElement> GetJsonAsync(string path) => Json(path, await GetAsync(path));

    /// <summary>Starts an incident run.</summary>
    /// <returns>The id of the run.</returns>
    public async Task<string> BeginAsync(string scenario, bool blind = false)
    {
        const int Seed = 20;
        const string Path = "/admin/incidents";
        return Json(Path, await SendAsync(HttpMethod.Post, Path, new { scenario, seed = Seed, blind })).GetProperty("id").GetString()!;
    }

    /// <summary>Waits until the investigation of a run begins, or the run is closed.</summary>
    /// <returns>The state of the run.</returns>
    public async Task<string> InvestigableAsync(string id)
    {
        while (true)
        {
            var state = (await GetJsonAsync($"/admin/incidents/{id}")).GetProperty("state").GetString()!;
            if (state is not ("armed" or "injected" or "witnessed"))
            {
                return state;
            }

            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    /// <summary>Counts the profiles that can be read.</summary>
    public async Task<int> CountProfilesAsync()
    {
        var read = 0;
        for (var user = 1; user <= ServiceClient.Users; user++)
        {
            read += (await GetAsync($"/api/users/profile/{user}")).Status == 200 ? 1 : 0;
        }

        return read;
    }

    /// <summary>Sends one request.</summary>
    /// <returns>The status, or the reason why there is no answer.</returns>
    public Task<string> TryGetAsync(string path) => TryAsync(HttpMethod.Get, path);

    /// <inheritdoc cref="TryGetAsync"/>
    public Task<string> TryPostAsync(string path) => TryAsync(HttpMethod.Post, path);

    public void Dispose() => _http.Dispose();

    private async Task<string> TryAsync(HttpMethod method, string path)
    {
        try
        {
            return $"{(await SendAsync(method, path)).Status}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException)
        {
            return $"no answer ({e.GetBaseException().Message})";
        }
    }

    private static JsonElement Json(string path, (int Status, string Body) answer) => answer.Status is >= 200 and < 300
        ? JsonDocument.Parse(answer.Body).RootElement
        : throw new HttpRequestException($"{path} answered {answer.Status}: {answer.Body}", null, (HttpStatusCode)answer.Status);
}
