using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace MockSre.Checks;

/// <summary>A fake Sentry on loopback. It parses envelopes with its own code, so it does not share bugs with the service.</summary>
internal sealed class SentryReceiver : IAsyncDisposable
{
    /// <summary>The public key in the DSN.</summary>
    public const string Key = "0123456789abcdef0123456789abcdef";

    /// <summary>The project in the DSN.</summary>
    public const string Project = "42";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private SentryReceiver(WebApplication app) => _app = app;

    /// <summary>Answers a request that has been recorded. The default answer has status 200.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, context) => context.Response.WriteAsync("{}");

    public string Dsn => $"http://{Key}@{_app.Urls.Single()["http://".Length..]}/{Project}";

    /// <summary>All requests in order of arrival.</summary>
    public IReadOnlyList<Received> All => [.. _received];

    public IReadOnlyList<JsonElement> Events => Payloads("event");

    public IReadOnlyList<JsonElement> Transactions => Payloads("transaction");

    public static async Task<SentryReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new SentryReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public void Clear() => _received.Clear();

    /// <summary>Waits until enough requests have arrived.</summary>
    /// <exception cref="TimeoutException">Not enough arrived in time.</exception>
    public async Task UntilAsync(Func<SentryReceiver, bool> enough, [CallerArgumentExpression(nameof(enough))] string what = "")
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!enough(this))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"Not in time: {what}. Received {Events.Count} events and {Transactions.Count} transactions.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IReadOnlyList<JsonElement> Payloads(string type) =>
        [.. _received.SelectMany(received => received.Items).Where(item => item.Type == type).Select(item => item.Payload)];

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = Received.Of(context.Request, body.ToArray());
        _received.Enqueue(received);
        await Answer(received, context);
    }
}

internal sealed record Received(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    string Text,
    IReadOnlyList<(string Type, JsonElement Payload)> Items)
{
    public static Received Of(HttpRequest request, byte[] body)
    {
        var bytes = request.Headers.ContentEncoding == "gzip" ? Inflate(body) : body;
        var items = new List<(string, JsonElement)>();
        var rest = bytes.AsSpan();
        _ = Line(ref rest);
        while (rest.Length > 1)
        {
            var header = JsonDocument.Parse(Encoding.UTF8.GetString(Line(ref rest))).RootElement;
            var length = header.TryGetProperty("length", out var given) ? given.GetInt32() : rest.IndexOf((byte)'\n');
            items.Add((header.GetProperty("type").GetString()!, JsonDocument.Parse(rest[..length].ToArray()).RootElement));
            rest = rest[length..].TrimStart((byte)'\n');
        }

        return new Received(
            request.Method,
            request.Path,
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(bytes),
            items);
    }

    private static byte[] Inflate(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static ReadOnlySpan<byte> Line(ref Span<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line;
    }
}
