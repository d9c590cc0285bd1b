using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MockSre.Web.SentryClient;

/// <summary>Calls the API of one Sentry organization; whatever goes wrong becomes a line for people.</summary>
/// <param name="access">Where, and as whom.</param>
/// <param name="scopes">What the token must allow, as a phrase for who has to make one.</param>
/// <param name="time">Waits between attempts.</param>
/// <param name="output">Where to say that a wait begins.</param>
internal sealed partial class SentryApiClient(SentryAccess access, string scopes, TimeProvider time, TextWriter output) : IDisposable
{
    /// <summary>How often a call is made before it counts as failed.</summary>
    public const int MaxAttempts = 5;

    private const int MaxPages = 100;
    private const int MaxDetailLength = 300;
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    // As Sentry's own are made; a name twice is no Sentry's, and which of the two counts is nothing to guess at.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The longest wait before another attempt, whatever Sentry asks for.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // A redirect would take the token elsewhere, and so would a proxy on the way to this machine.
        AllowAutoRedirect = false,
        UseProxy = !access.IsLoopback,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = TimeSpan.FromSeconds(30),
        MaxResponseContentBufferSize = MaxAnswerBytes,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", access.Token), Accept = { new("application/json") } },
    };

    /// <summary>How long Sentry may take for an answer.</summary>
    public TimeSpan Timeout
    {
        get => _http.Timeout;
        init => _http.Timeout = value;
    }

    /// <summary>Reads a list to its end, page by page.</summary>
    /// <param name="path">From the organization on, with the slash at the end that Sentry asks for.</param>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Without the project, Sentry lists what belongs to the teams that the token's owner is in.
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

    public Task PostAsync(string path, object body, CancellationToken cancellationToken = default) => WriteAsync(HttpMethod.Post, path, body, cancellationToken);

    public Task PutAsync(string path, object body, CancellationToken cancellationToken = default) => WriteAsync(HttpMethod.Put, path, body, cancellationToken);

    public void Dispose() => _http.Dispose();

    // Reads the answer only to tell a Sentry from whoever else says 200.
    private async Task WriteAsync(HttpMethod method, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        await ReadAsync<JsonElement>(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await TryAsync(method, path, body, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (attempt == MaxAttempts || !IsWorthAnother(method, response.StatusCode))
                {
                    throw await RefusalAsync(response, attempt, cancellationToken);
                }

                var wait = WaitAfter(response, attempt);
                output.WriteLine($"Sentry answered {(int)response.StatusCode}; trying again in {wait.TotalSeconds:0} s.");
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    private async Task<HttpResponseMessage> TryAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Address(path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Json)) { Headers = { ContentType = new("application/json") } };
        }

        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new SentryApiException($"{Call(request)} failed: {OneLine(e.GetBaseException().Message)}. Check SENTRY_URL and the network.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SentryApiException($"{Call(request)} was not answered within {Timeout.TotalSeconds:0.#} s. Check SENTRY_URL and the network.");
        }
    }

    // What was to be made may have been made in spite of a 5xx, and would then be there twice. The next run of the command looks first.
    private static bool IsWorthAnother(HttpMethod method, HttpStatusCode status) =>
        status == HttpStatusCode.TooManyRequests || (status >= HttpStatusCode.InternalServerError && method != HttpMethod.Post);

    private TimeSpan WaitAfter(HttpResponseMessage response, int attempt)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => TimeSpan.FromSeconds(1 << (attempt - 1)),
        };
        return TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, MaxWait.Ticks));
    }

    private async Task<SentryApiException> RefusalAsync(HttpResponseMessage response, int attempts, CancellationToken cancellationToken)
    {
        var said = Detail(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        var advice = response.StatusCode switch
        {
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => $" It leads to {Target(response)}; set SENTRY_URL to where Sentry itself is.",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $" Check that SENTRY_AUTH_TOKEN is valid, belongs to SENTRY_ORG and has {scopes}.",
            HttpStatusCode.NotFound => " Check SENTRY_ORG, SENTRY_PROJECT and SENTRY_URL.",
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => " Try again later.",
            _ => "",
        };
        var times = attempts > 1 ? $" {attempts} times" : "";
        return new SentryApiException(
            $"{Call(response.RequestMessage!)} was answered {(int)response.StatusCode}{times}{(said.Length > 0 ? ": " + said.TrimEnd('.') : "")}.{advice}", response.StatusCode);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(await response.Content.ReadAsByteArrayAsync(cancellationToken), Json) ?? throw NoSentry(response);
        }
        catch (JsonException)
        {
            throw NoSentry(response);
        }
    }

    private static SentryApiException NoSentry(HttpResponseMessage response) => new(
        $"{Call(response.RequestMessage!)} was answered {(int)response.StatusCode}, but not with the JSON that Sentry sends. Check SENTRY_URL.");

    // Only the cursor is taken from the link: its address could be anywhere.
    private static string? NextCursor(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
            ? string.Join(',', links).Split(',')
                .Where(link => link.Contains("rel=\"next\"", StringComparison.Ordinal) && link.Contains("results=\"true\"", StringComparison.Ordinal))
                .Select(link => Cursor().Match(link).Groups[1])
                .FirstOrDefault(cursor => cursor.Success)?.Value
            : null;

    // Most refusals have a detail, as text or as an object with a message; those of a form name the fields.
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
        // First without what cannot be seen, so that nothing hides in the token.
        var visible = string.Concat(text.ReplaceLineEndings(" ").Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) is not UnicodeCategory.Format));
        var printable = visible.Replace(access.Token, "…", StringComparison.Ordinal).Trim();
        return printable.Length > MaxDetailLength ? printable[..MaxDetailLength] + "…" : printable;
    }

    private static string Call(HttpRequestMessage request) => $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";

    private string Address(string path) => $"{access.Url}/api/0/organizations/{access.Organization}/{path}";

    [GeneratedRegex("""\bcursor="([^"]+)""")]
    private static partial Regex Cursor();
}
