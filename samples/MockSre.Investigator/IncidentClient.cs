using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MockSre.Investigator;

/// <summary>The HTTP API of one incident.</summary>
internal sealed class IncidentClient : IDisposable
{
    private const int Tries = 5;
    private const int LinesPerPage = 500;
    private const int MostPages = 10;
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly HttpClient _http;

    /// <param name="server">The address of MockSre, with a slash at the end.</param>
    /// <param name="adminToken">Needed to start a run if the service has a token. The investigation does not need it.</param>
    /// <param name="incident">The incident's id; null until one is started.</param>
    public IncidentClient(Uri server, string? adminToken, string? incident)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
        AdminToken = adminToken;
        Id = incident;
    }

    public string? Id { get; private set; }

    /// <summary>The page of the run in the console.</summary>
    public Uri ConsolePage => new(_http.BaseAddress!, $"incidents/{Id}");

    private string? AdminToken { get; }

    /// <summary>Starts a run and sets <see cref="Id"/>.</summary>
    public async Task StartAsync(object order, CancellationToken stop)
    {
        using var started = await SendAsync(HttpMethod.Post, "admin/incidents", order, stop, AdminToken);
        Id = started.RootElement.GetProperty("id").GetString();
    }

    public Task<Incident> GetAsync(CancellationToken stop) => AskAsync<Incident>(HttpMethod.Get, "", null, stop);

    public Task<Metrics> GetMetricsAsync(CancellationToken stop) => AskAsync<Metrics>(HttpMethod.Get, "/evidence/metrics", null, stop);

    public Task<Signals> GetSignalsAsync(CancellationToken stop) => AskAsync<Signals>(HttpMethod.Get, "/evidence/signals", null, stop);

    public async Task<Changes> GetChangesAsync(CancellationToken stop) => new(
        (await AskAsync<CommitList>(HttpMethod.Get, "/evidence/commits", null, stop)).Commits,
        (await AskAsync<DeployList>(HttpMethod.Get, "/evidence/deploys", null, stop)).Deploys);

    /// <summary>The log lines between two times, oldest first. The API returns pages, newest first.</summary>
    public async Task<IReadOnlyList<LogLine>> GetLogAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        List<LogLine> lines = [];
        var page = new LogPage([], More: true);
        for (var pages = 0; page.More && pages < MostPages && (lines.Count == 0 || lines[^1].At > from); pages++)
        {
            var before = lines.Count == 0 ? "" : $"&before={lines[^1].Id.Split(':')[1]}";
            page = await AskAsync<LogPage>(HttpMethod.Get, $"/evidence/logs?limit={LinesPerPage}{before}", null, stop);
            lines.AddRange(page.Logs);
        }

        return [.. lines.Where(line => line.At >= from && line.At <= to).Reverse()];
    }

    public async Task ActAsync(RepairAction action, CancellationToken stop) =>
        await AskAsync<JsonElement>(HttpMethod.Post, "/actions", action, stop);

    public async Task SubmitAsync(Diagnosis diagnosis, CancellationToken stop) =>
        await AskAsync<JsonElement>(HttpMethod.Post, "/diagnosis", diagnosis, stop);

    public Task<Incident> CloseAsync(CancellationToken stop) => AskAsync<Incident>(HttpMethod.Post, "/close", null, stop);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var answer = await SendAsync(method, $"api/incidents/{Id}{path}", body, stop);
        return answer.Deserialize<T>(Json) ?? throw new InvestigationException($"{path} answered null.");
    }

    // A request that is too early is repeated after Retry-After. After an error only reads are repeated: a second diagnosis costs points.
    private async Task<JsonDocument> SendAsync(HttpMethod method, string path, object? body, CancellationToken stop, string? token = null)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
                request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json);
                using var response = await _http.SendAsync(request, stop);
                if (response.StatusCode == HttpStatusCode.Conflict && response.Headers.RetryAfter?.Delta is { } early)
                {
                    await Task.Delay(early, TimeProvider.System, stop);
                    tried = 0;
                    continue;
                }

                var text = await response.Content.ReadAsStringAsync(stop);
                return response.IsSuccessStatusCode
                    ? JsonDocument.Parse(text)
                    : throw new InvestigationException($"{method} /{path} answered {(int)response.StatusCode}: {Reason(text)}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                if (tried == Tries || method != HttpMethod.Get)
                {
                    throw new InvestigationException($"{method} /{path} did not reach {_http.BaseAddress}: {e.Message}");
                }

                await Task.Delay(RetryTime, TimeProvider.System, stop);
            }
        }
    }

    private static string Reason(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            var title = problem.RootElement.GetProperty("title");
            return problem.RootElement.TryGetProperty("detail", out var detail) ? $"{title}. {detail}" : $"{title}.";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return text.Length == 0 ? "no reason given." : text;
        }
    }

    private sealed record CommitList(IReadOnlyList<Commit> Commits);

    private sealed record DeployList(IReadOnlyList<Deploy> Deploys);

    private sealed record LogPage(IReadOnlyList<LogLine> Logs, bool More);
}

/// <summary>The investigation cannot continue.</summary>
internal sealed class InvestigationException(string message) : Exception(message);
