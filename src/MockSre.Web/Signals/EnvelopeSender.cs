using System.IO.Compression;
using System.Net.Http.Headers;
using System.Threading.Channels;

namespace MockSre.Web.Signals;

/// <summary>Sends envelopes to Sentry in the background. Each is tried once: an unavailable Sentry costs only a limited queue.</summary>
internal sealed class EnvelopeSender : IAsyncDisposable
{
    /// <summary>Longest queue. Further envelopes are dropped.</summary>
    public const int QueueLimit = 1000;

    private const int Senders = 8;
    private const string Errors = "error";
    private const string Transactions = "transaction";
    private const string Stopped = "service stopped";

    /// <summary>The timeout of a request to Sentry.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>The longest time for the remaining queue when the service stops.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private static readonly string[] Categories = [Errors, Transactions];

    private readonly Uri _endpoint;
    private readonly string _authentication;
    private readonly HttpClient _http;
    private readonly SignalInbox _inbox;
    private readonly bool _withTraceHeader;
    private readonly SenderLog _log;
    private readonly RateLimits _limits;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<SignalEntry> _queue = Channel.CreateBounded<SignalEntry>(QueueLimit);
    private readonly Task[] _senders;
    private volatile bool _draining;

    /// <param name="inbox">Records the outcome of each envelope.</param>
    /// <param name="time">The clock of rate limits and log lines.</param>
    /// <param name="answerLimit">Null for <see cref="AnswerLimit"/>.</param>
    /// <param name="withTraceHeader">Keeps the trace header, which holds the SDK's public key and environment.</param>
    public EnvelopeSender(
        Uri dsn, SignalInbox inbox, TimeProvider time, ILogger<EnvelopeSender> logger, TimeSpan? answerLimit = null,
        bool withTraceHeader = true)
    {
        _withTraceHeader = withTraceHeader;
        (_endpoint, _authentication) = Destination(dsn);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // Signals belong to no trace and go only to the DSN's host. A Sentry on this machine is reached without a proxy.
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !_endpoint.IsLoopback,
            MaxConnectionsPerServer = Senders,
        })
        {
            Timeout = answerLimit ?? AnswerLimit,
        };
        _inbox = inbox;
        _log = new SenderLog(_endpoint.Authority, time, logger);
        _limits = new RateLimits(time);

        // Suppresses the flow of the caller's context: the senders do not belong to a request.
        using var apart = ExecutionContext.SuppressFlow();
        _senders = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAllAsync))];
    }

    /// <summary>Queues an envelope, or drops it if the queue is full.</summary>
    public void Send(SignalEntry entry)
    {
        if (!_queue.Writer.TryWrite(entry))
        {
            _inbox.Settle(entry, SignalState.Dropped, _draining ? Stopped : "queue full");
        }
    }

    /// <summary>Sends the queue, and drops the rest after the limit. The sender accepts nothing afterwards.</summary>
    /// <param name="limit">At most <see cref="DrainLimit"/>.</param>
    public async Task DrainAsync(TimeSpan limit)
    {
        _draining = true;
        _queue.Writer.TryComplete();
        _stop.CancelAfter(TimeSpan.FromTicks(Math.Clamp(limit.Ticks, 0, DrainLimit.Ticks)));
        await Task.WhenAll(_senders);
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync(TimeSpan.Zero);
        _http.Dispose();
    }

    // The endpoint of a DSN: https://develop.sentry.dev/sdk/foundations/transport/authentication/
    private static (Uri Endpoint, string Authentication) Destination(Uri dsn)
    {
        var keys = dsn.UserInfo.Split(':', 2);
        var slash = dsn.AbsolutePath.LastIndexOf('/');
        var path = $"{dsn.AbsolutePath[..slash]}/api/{dsn.AbsolutePath[(slash + 1)..]}/envelope/";
        var endpoint = new UriBuilder(dsn.Scheme, dsn.Host, dsn.Port, path).Uri;
        var client = $"mocksre/{typeof(EnvelopeSender).Assembly.GetName().Version?.ToString(3)}";
        var secret = keys.Length > 1 ? $",sentry_secret={keys[1]}" : "";
        return (endpoint, $"Sentry sentry_version=7,sentry_client={client},sentry_key={keys[0]}{secret}");
    }

    private async Task SendAllAsync()
    {
        await foreach (var entry in _queue.Reader.ReadAllAsync())
        {
            var category = entry.Signals is [ErrorSignal, ..] ? Errors : Transactions;
            var (state, reason) = _stop.IsCancellationRequested
                ? (SignalState.Dropped, Stopped)
                : await SendAsync(_withTraceHeader ? entry.Bytes : EnvelopeExport.Envelope(entry), category);
            _inbox.Settle(entry, state, reason);
            if (reason != Stopped)
            {
                _log.Record(category, state, reason);
            }
        }
    }

    private async Task<(SignalState State, string? Reason)> SendAsync(ReadOnlyMemory<byte> bytes, string category)
    {
        if (_limits.Forbid(category))
        {
            return (SignalState.Dropped, "rate limited");
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = Compress(bytes) };
            request.Headers.Add("X-Sentry-Auth", _authentication);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            _limits.Learn(answer, Categories);
            return answer.StatusCode == HttpStatusCode.OK
                ? (SignalState.Sent, null)
                : (SignalState.Refused, $"status {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException)
        {
            return (SignalState.Dropped, _stop.IsCancellationRequested ? Stopped : $"no answer within {_http.Timeout.TotalSeconds} s");
        }
        catch (HttpRequestException e)
        {
            return (SignalState.Dropped, e.HttpRequestError
                is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                    ? "no connection"
                    : "no usable answer");
        }
        catch (Exception e)
        {
            // Lose one envelope instead of the sender.
            return (SignalState.Dropped, $"not sent: {e.GetType().Name}");
        }
    }

    private static ByteArrayContent Compress(ReadOnlyMemory<byte> bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes.Span);
        }

        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");

        // Sentry needs no content type, but its local viewer Spotlight does.
        content.Headers.ContentType = new MediaTypeHeaderValue(EnvelopeExport.ContentType);
        return content;
    }
}
