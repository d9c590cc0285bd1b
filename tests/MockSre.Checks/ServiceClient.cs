using System.Diagnostics;
using System.Text.Json;

namespace MockSre.Checks;

/// <summary>Calls the service as its users and its presenter do.</summary>
internal sealed class ServiceClient : IDisposable
{
    /// <summary>Users that requests are for, in turn.</summary>
    public const int Users = 10;

    private readonly HttpClient _http;

    public ServiceClient(Uri server)
    {
        Server = server;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    public Uri Server { get; }

    public Task<Answer> GetProfileAsync(int user, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/users/profile/{user}", cancellationToken);

    public async Task<Answer> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await _http.GetAsync(path, cancellationToken);
        return new Answer((int)response.StatusCode, Header("X-Cache"), Header("X-Failure-Mode"), Stopwatch.GetElapsedTime(start));

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
    }

    /// <summary>So many requests, so many at a time, users in turn.</summary>
    public async Task<Answer[]> GetManyAsync(int requests, int concurrency)
    {
        var answers = new Answer[requests];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => SendInTurnAsync()));
        return answers;

        async Task SendInTurnAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number < requests)
            {
                answers[number] = await GetProfileAsync((number % Users) + 1);
            }
        }
    }

    public async Task SetModeAsync(string mode)
    {
        using var response = await _http.PostAsync($"/admin/failure-mode/{mode}", content: null);
        response.EnsureSuccessStatusCode();
    }

    public async Task<Figures> GetFiguresAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetByteArrayAsync("/api/metrics"));
        var root = json.RootElement;
        return new Figures(
            root.GetProperty("totals").GetProperty("db_reads").GetInt64(),
            root.GetProperty("pool").GetProperty("in_use").GetInt32(),
            root.GetProperty("draining").GetProperty("pools").GetInt32(),
            root.GetProperty("draining").GetProperty("leases").GetInt32());
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back for one request, and how long it took until the last byte.</summary>
internal sealed record Answer(int Status, string? Cache, string? Mode, TimeSpan Latency)
{
    public bool IsSlow => Latency >= TimeSpan.FromSeconds(1.9);
}

/// <summary>Of the live figures, those that the checks look at.</summary>
internal sealed record Figures(long DatabaseReads, int PoolInUse, int DrainingPools, int DrainingLeases)
{
    public bool NothingHeld => this is { PoolInUse: 0, DrainingPools: 0, DrainingLeases: 0 };
}
