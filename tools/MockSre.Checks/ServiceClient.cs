using System.Diagnostics;
using System.Text.Json;

namespace MockSre.Checks;

/// <summary>Calls the API of the service.</summary>
internal sealed class ServiceClient : IDisposable
{
    /// <summary>The number of users. Requests take them in turn.</summary>
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

    /// <summary>Sends profile requests for the users in turn, with a limit for requests in flight.</summary>
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

    /// <summary>Starts a load that never ends.</summary>
    /// <param name="rate">Requests a second.</param>
    public async Task KeepTrafficAsync(int rate)
    {
        using var plan = JsonContent.Create(new { rate });
        using var response = await _http.PostAsync("/admin/load", plan);
        response.EnsureSuccessStatusCode();
    }

    public async Task<Figures> GetFiguresAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetByteArrayAsync("/api/metrics"));
        var root = json.RootElement;
        return new Figures(
            root.GetProperty("in_flight").GetInt32(),
            root.GetProperty("totals").GetProperty("db_reads").GetInt64(),
            root.GetProperty("pool").GetProperty("in_use").GetInt32(),
            root.GetProperty("draining").GetProperty("pools").GetInt32(),
            root.GetProperty("draining").GetProperty("leases").GetInt32());
    }

    /// <summary>The service's counts of signals and envelopes.</summary>
    public async Task<SignalFigures> GetSignalsAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetByteArrayAsync("/api/signals/summary"));
        var root = json.RootElement;
        var states = root.GetProperty("states");
        return new SignalFigures(
            root.GetProperty("errors").GetInt64(),
            root.GetProperty("transactions").GetInt64(),
            states.GetProperty("queued").GetInt64(),
            states.GetProperty("sent").GetInt64(),
            states.GetProperty("refused").GetInt64(),
            states.GetProperty("dropped").GetInt64(),
            root.GetProperty("lost").GetInt64());
    }

    /// <summary>The service's report on the expected signals of the mode in force.</summary>
    public async Task<Witness> GetWitnessAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetByteArrayAsync("/api/signals/expectations"));
        var root = json.RootElement;
        return new Witness(
            root.GetProperty("mode").GetString(),
            root.GetProperty("requests").GetInt64(),
            [.. root.GetProperty("expectations").EnumerateArray().Select(expectation => (
                expectation.GetProperty("id").GetString()!,
                expectation.GetProperty("state").GetString()!,
                expectation.GetProperty("observed").GetInt64()))]);
    }

    /// <summary>Repeats a call until the answer meets a condition, or the time is over.</summary>
    /// <returns>The last answer.</returns>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> enough, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await ask();
        while (!enough(answer) && Stopwatch.GetElapsedTime(start) < patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            answer = await ask();
        }

        return answer;
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The answer to a request. The latency ends with the last byte.</summary>
internal sealed record Answer(int Status, string? Cache, string? Mode, TimeSpan Latency)
{
    public bool IsSlow => Latency >= TimeSpan.FromSeconds(1.9);
}

/// <summary>The live figures that the checks use.</summary>
internal sealed record Figures(int InFlight, long DatabaseReads, int PoolInUse, int DrainingPools, int DrainingLeases)
{
    public bool NothingHeld => this is { PoolInUse: 0, DrainingPools: 0, DrainingLeases: 0 };
}

/// <summary>Signals by kind, envelopes by state, and signals that were lost before they became an envelope.</summary>
internal sealed record SignalFigures(long Errors, long Transactions, long Queued, long Sent, long Refused, long Dropped, long Lost);

/// <summary>The expected signals of a mode, and whether each was seen.</summary>
internal sealed record Witness(string? Mode, long Requests, IReadOnlyList<(string Id, string State, long Observed)> Statements)
{
    public bool IsWhole => Statements.Count > 0 && Statements.All(statement => statement.State == "witnessed");

    /// <summary>Example: "no_errors witnessed (0), of 50 requests".</summary>
    public override string ToString()
    {
        var statements = Statements.Select(statement => $"{statement.Id} {statement.State} ({statement.Observed})");
        return $"{string.Join(", ", statements)}, of {Requests} requests";
    }
}
