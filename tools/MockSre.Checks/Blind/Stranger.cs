using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace MockSre.Checks.Blind;

/// <summary>A client that knows only the id of a blind run, and requests every path that it can.</summary>
internal sealed class Stranger(Uri address, string id, BlindRules rules) : IDisposable
{
    private static readonly string[] Evidence = ["commits", "deploys", "config", "metrics", "signals"];

    /// <summary>Paths that are closed during a blind run, or that do not exist.</summary>
    private static readonly string[] Locked =
    [
        "/", "/incidents", "/signals", "/fixtures", "/docs", "/docs/", "/openapi/v1.json",
        "/favicon.svg", "/console.js", "/_framework/blazor.web.js", "/_blazor",
        "/api/metrics", "/api/fixtures/commits", "/api/fixtures/config",
        "/api/signals/summary", "/api/signals/issues", "/api/signals/transactions", "/api/signals/events", "/api/signals/envelopes",
        "/api/signals/expectations",
        "/api/incidents", "/api/incidents/", "/api/incidents/0123456789abcdef01",
        "/fixtures/scenarios/incident_b.json", "/incidents.db", "/app.db", "/.env",
    ];

    private static readonly string[] Admin = ["/admin/failure-mode", "/admin/load", "/admin/scenarios", "/admin/nothing"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = address,
    };

    private readonly HashSet<string> _seen = [];
    private readonly SortedSet<string> _leaks = [];

    private int _newestLine;

    public int Answers { get; private set; }

    /// <summary>All fields and headers of the answers.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    /// <summary>Forbidden words, fields and headers that are not allowed, and unexpected statuses.</summary>
    public IReadOnlyCollection<string> Leaks => _leaks;

    private string Run => $"/api/incidents/{id}";

    /// <summary>Reads every path.</summary>
    /// <param name="rereads">Whether log lines of earlier looks are read again. Of thousands, each look would read most.</param>
    public async Task LookAsync(bool rereads = false)
    {
        await GetAsync("incident", Run);
        foreach (var part in Evidence)
        {
            await GetAsync(part, $"{Run}/evidence/{part}");
        }

        await ReadLogsAsync(rereads ? 0 : _newestLine);
        await GetAsync("actions", $"{Run}/actions");
        await GetAsync("health", "/health");
        for (var user = 0; user <= 11; user++)
        {
            await GetAsync(
                "profile",
                string.Create(CultureInfo.InvariantCulture, $"/api/users/profile/{user}"),
                HttpStatusCode.OK,
                HttpStatusCode.BadRequest,
                HttpStatusCode.NotFound,
                HttpStatusCode.InternalServerError);
        }

        foreach (var path in Locked)
        {
            await GetAsync("problem", path, HttpStatusCode.NotFound);
            await GetPageAsync(path);
        }

        foreach (var path in Admin.Append($"/admin/incidents/{id}"))
        {
            await GetAsync("problem", path, HttpStatusCode.Unauthorized);
        }

        await GetPageAsync("/sign-in", HttpStatusCode.OK);
        await GetAsync("problem", $"{Run}/evidence/nothing", HttpStatusCode.NotFound);
        await GetAsync("problem", $"{Run}/evidence/logs?limit=x", HttpStatusCode.BadRequest);
    }

    /// <summary>Sends an action before the investigation begins.</summary>
    public Task ActTooEarlyAsync() => PostAsync("action", $"{Run}/actions", """{"kind":"restart"}""");

    /// <summary>Sends valid and invalid actions and diagnoses.</summary>
    public async Task ActAsync()
    {
        var commits = (await GetAsync("commits", $"{Run}/evidence/commits")).GetProperty("commits");
        var deploys = (await GetAsync("deploys", $"{Run}/evidence/deploys")).GetProperty("deploys");
        var commit = commits.EnumerateArray().Last().GetProperty("sha").GetString();
        var deployed = deploys[0].GetProperty("commits")[0].GetString();
        foreach (var body in new[]
        {
            "",
            "null",
            "{}",
            """{"kind":"reboot"}""",
            """{"kind":"revert","target":"0000000"}""",
            """{"kind":"rollback","target":99}""",
            """{"kind":"set_config","target":"failure_mode","value":"none"}""",
            """{"kind":"set_config","target":"disable_cache","value":false}""",
            """{"kind":"set_config","target":"db_pool_limit","value":0}""",
            $$"""{"kind":"revert","target":"{{commit}}"}""",
            """{"kind":"restart"}""",
            """{"kind":"set_config","target":"db_pool_timeout_ms","value":3000}""",
            $$"""{"kind":"revert","target":"{{deployed}}"}""",
            """{"kind":"rollback","target":1}""",
        })
        {
            await PostAsync("action", $"{Run}/actions", body);
        }

        const string Diagnosis = """{"verdict":"ongoing","component":"logging","mechanism":"bad_input","commits":[],"evidence":[]}""";
        foreach (var body in new[]
        {
            "",
            "{}",
            """{"verdict":"unclear"}""",
            Diagnosis.Replace("logging", "printer", StringComparison.Ordinal),
            Diagnosis.Replace("\"evidence\":[]", "\"evidence\":[\"log:0\"]", StringComparison.Ordinal),
            Diagnosis,
        })
        {
            await PostAsync("diagnosis", $"{Run}/diagnosis", body);
        }

        await PostAsync("problem", "/session/sign-in", "token=x");
        await PostAsync("problem", "/admin/reset", "");
        await PostAsync("problem", "/api/incidents", "");
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(string part, string path, params HttpStatusCode[] expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request);
        Expect(path, response, expected.Length == 0 ? [HttpStatusCode.OK] : expected);
        return await LookAtAsync(part, response);
    }

    // Newest first, back to a line.
    private async Task ReadLogsAsync(int until)
    {
        for (var before = ""; before is not null;)
        {
            var page = await GetAsync("logs", $"{Run}/evidence/logs?limit=500{before}");
            var lines = page.GetProperty("logs").EnumerateArray().Select(log => NumberOf(log.GetProperty("id").GetString()!)).ToList();
            _newestLine = Math.Max(_newestLine, lines.FirstOrDefault());
            var isLast = !page.GetProperty("more").GetBoolean() || lines[^1] <= until;
            before = isLast ? null : string.Create(CultureInfo.InvariantCulture, $"&before={lines[^1]}");
        }

        static int NumberOf(string id) => int.Parse(id.Split(':')[1], CultureInfo.InvariantCulture);
    }

    private async Task GetPageAsync(string path, HttpStatusCode expected = HttpStatusCode.NotFound)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _http.SendAsync(request);
        Expect(path, response, [expected]);
        await LookAtAsync("page", response);
    }

    private async Task PostAsync(string part, string path, string body)
    {
        var isForm = path.StartsWith("/session", StringComparison.Ordinal);
        using var content = new StringContent(body, Encoding.UTF8, isForm ? "application/x-www-form-urlencoded" : "application/json");
        using var response = await _http.PostAsync(path, content);
        await LookAtAsync(part, response);
    }

    private void Expect(string path, HttpResponseMessage response, HttpStatusCode[] expected)
    {
        if (!expected.Contains(response.StatusCode))
        {
            _leaks.Add($"{path} answered {(int)response.StatusCode}");
        }
    }

    private async Task<JsonElement> LookAtAsync(string part, HttpResponseMessage response)
    {
        Answers++;
        var text = await response.Content.ReadAsStringAsync();
        var headers = response.Headers.Concat(response.Content.Headers).Concat(response.TrailingHeaders).ToList();
        foreach (var header in headers)
        {
            See($"header {header.Key.ToLowerInvariant()}");
        }

        // Some answers repeat the path of the request. It is no leak.
        var path = response.RequestMessage!.RequestUri!.AbsolutePath;
        var lines = headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var all = string.Join('\n', lines.Append(text.Replace(path, "", StringComparison.Ordinal)));
        _leaks.UnionWith(rules.Forbidden.In(all).Select(leak => $"{part}: {leak.ReplaceLineEndings(" ")}"));

        if (response.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json"))
        {
            return default;
        }

        var json = JsonDocument.Parse(text).RootElement;
        SeeFields(response.IsSuccessStatusCode ? part : "problem", "", json);
        return json;
    }

    private void SeeFields(string part, string path, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    // The property names are releases, which differ in each run.
                    var name = path.EndsWith("releases", StringComparison.Ordinal) ? "*" : property.Name;
                    SeeFields(part, path.Length == 0 ? name : $"{path}.{name}", property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    SeeFields(part, $"{path}[]", item);
                }

                break;
            default:
                See($"{part} {path}");
                break;
        }
    }

    private void See(string field)
    {
        _seen.Add(field);
        if (!rules.Allowed.Contains(field))
        {
            _leaks.Add($"{field} is not an allowed field or header");
        }
    }
}
