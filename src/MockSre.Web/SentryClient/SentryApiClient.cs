using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace MockSre.Web.SentryClient;

/// <summary>Calls the API of one Sentry organization. Errors become a <see cref="SentryApiException"/> with a line for people.</summary>
/// <param name="scopes">The scopes that the token needs, as the error of a refused token names them.</param>
/// <param name="time">Waits between attempts.</param>
/// <param name="output">Gets a line for each wait.</param>
internal sealed partial class SentryApiClient(SentryAccess access, string scopes, TimeProvider time, TextWriter output) : IDisposable
{
    public const int MaxAttempts = 5;

    private const int MaxPages = 100;
    private const int MaxDetailLength = 300;
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    // Sentry never sends a name twice: such an answer is not from Sentry.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The longest wait before another attempt. A longer Retry-After is cut to it.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // A redirect would send the token to another host. A proxy must not see calls to this machine.
        AllowAutoRedirect = false,
        UseProxy = !access.IsLoopback,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = TimeSpan.FromSeconds(30),
        MaxResponseContentBufferSize = MaxAnswerBytes,
        DefaultRequestHeaders = { Authorization = new("Bearer", access.Token), Accept = { new("application/json") } },
    };

    // Without a listener the pipeline writes no logs and no metrics.
    private readonly ResiliencePipeline<HttpResponseMessage> _retries =
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = MaxAttempts - 1,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } response && IsWorthAnother(response)),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(WaitAfter(args.Outcome.Result!, args.AttemptNumber, time)),
            OnRetry = args =>
            {
                var status = (int)args.Outcome.Result!.StatusCode;
                output.WriteLine($"Sentry answered {status}; trying again in {args.RetryDelay.TotalSeconds:0} s.");
                return ValueTask.CompletedTask;
            },
        }).Build();

    /// <summary>For each attempt.</summary>
    public TimeSpan Timeout
    {
        get => _http.Timeout;
        init => _http.Timeout = value;
    }

    /// <summary>Reads a list to its end, page by page.</summary>
    /// <param name="path">The part of the address after the organization. Sentry wants a slash at its end.</param>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Without the project, Sentry lists only the projects of the token owner's teams.
        var query = $"{path}?projectSlug={access.Project}";
        var cursor = "";
        for (var page = 1; page <= MaxPages; page++)
        {
            using var response = await SendAsync(HttpMethod.Get, query + cursor, null, cancellationToken);
            foreach (var item in await ReadAsync<List<T?>>(response, cancellationToken))
            {
                yield return item ?? throw NoSentry(response);
            }

            if (NextCursor(response) is not { } next)
            {
                yield break;
            }

            cursor = $"&cursor={Uri.EscapeDataString(next)}";
        }

        throw new SentryApiException($"GET {Address(path)} goes on beyond {MaxPages} pages.");
    }

    public Task PostAsync(string path, object body, CancellationToken cancellationToken = default) =>
        WriteAsync(HttpMethod.Post, path, body, cancellationToken);

    public Task PutAsync(string path, object body, CancellationToken cancellationToken = default) =>
        WriteAsync(HttpMethod.Put, path, body, cancellationToken);

    public void Dispose() => _http.Dispose();

    // Reads the answer to check that it is from Sentry: a proxy or a login page can also answer 200.
    private async Task WriteAsync(HttpMethod method, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        await ReadAsync<JsonElement>(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var attempts = 0;
        var response = await _retries.ExecuteAsync(
            async token =>
            {
                attempts++;
                return await TryAsync(method, path, body, token);
            },
            cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, attempts, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> TryAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Address(path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Json));
            request.Content.Headers.ContentType = new("application/json");
        }

        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new SentryApiException(
                $"{Call(request)} failed: {OneLine(e.GetBaseException().Message)}. Check SENTRY_URL and the network.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SentryApiException(
                $"{Call(request)} was not answered within {Timeout.TotalSeconds:0.#} s. Check SENTRY_URL and the network.");
        }
    }

    // After a 5xx the object of a POST may exist, and a second POST would make it twice. The next run of the command looks first.
    private static bool IsWorthAnother(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || (response.StatusCode >= HttpStatusCode.InternalServerError && response.RequestMessage!.Method != HttpMethod.Post);

    /// <param name="retries">Retries before this one.</param>
    private static TimeSpan WaitAfter(HttpResponseMessage response, int retries, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => TimeSpan.FromSeconds(1 << retries),
        };
        return TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, MaxWait.Ticks));
    }

    private async Task<SentryApiException> RefusalAsync(HttpResponseMessage response, int attempts, CancellationToken cancellationToken)
    {
        var said = Detail(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        var advice = response.StatusCode switch
        {
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                $" It leads to {Target(response)}; set SENTRY_URL to where Sentry itself is.",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                $" Check that SENTRY_AUTH_TOKEN is valid, belongs to SENTRY_ORG and has {scopes}.",
            HttpStatusCode.NotFound => " Check SENTRY_ORG, SENTRY_PROJECT and SENTRY_URL.",
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => " Try again later.",
            _ => "",
        };
        var times = attempts > 1 ? $" {attempts} times" : "";
        var reason = said.Length > 0 ? ": " + said.TrimEnd('.') : "";
        return new SentryApiException(
            $"{Call(response.RequestMessage!)} was answered {(int)response.StatusCode}{times}{reason}.{advice}", response.StatusCode);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw NoSentry(response);
        }
        catch (JsonException)
        {
            throw NoSentry(response);
        }
    }

    private static SentryApiException NoSentry(HttpResponseMessage response) => new(
        $"{Call(response.RequestMessage!)} was answered {(int)response.StatusCode}, but not with the JSON that Sentry sends. "
        + "Check SENTRY_URL.");

    // Takes only the cursor of the link: its address could lead to another host.
    private static string? NextCursor(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? string.Join(',', links).Split(',')
                .Where(link => link.Contains("rel=\"next\"", StringComparison.Ordinal)
                    && link.Contains("results=\"true\"", StringComparison.Ordinal))
                .Select(link => Cursor().Match(link).Groups[1])
                .FirstOrDefault(cursor => cursor.Success)?.Value
            : null;

    // Most errors have a detail: a text, or an object with a message. Errors of a form list the fields.
    private string Detail(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var detail = json.RootElement;
            foreach (var name in (string[])["detail", "message"])
            {
                if (detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty(name, out var inner))
                {
                    detail = inner;
                }
            }

            return OneLine(detail.ValueKind == JsonValueKind.String ? detail.GetString()! : JsonSerializer.Serialize(detail, Json));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private string Target(HttpResponseMessage response) => response.Headers.Location switch
    {
        { IsAbsoluteUri: true } location => OneLine(location.GetLeftPart(UriPartial.Path)),
        { } location => OneLine(location.OriginalString.Split('?')[0]),
        null => "nowhere",
    };

    private string OneLine(string text)
    {
        // Invisible characters go first: one inside the token would keep the token from being found.
        var visible = string.Concat(text.ReplaceLineEndings(" ")
            .Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) is not UnicodeCategory.Format));
        var printable = visible.Replace(access.Token, "…", StringComparison.Ordinal).Trim();
        return printable.Length > MaxDetailLength ? printable[..MaxDetailLength] + "…" : printable;
    }

    private static string Call(HttpRequestMessage request) => $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";

    private string Address(string path) => $"{access.Url}/api/0/organizations/{access.Organization}/{path}";

    [GeneratedRegex("""\bcursor="([^"]+)""")]
    private static partial Regex Cursor();
}
