using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using MockSre.Domain.Signals;

namespace MockSre.Web.Signals;

/// <summary>
/// Sends envelopes to Sentry, a few at a time, off any request's path. Each is tried once: what cannot be sent is dropped and
/// counted, so that a Sentry in trouble costs memory up to a limit and nothing else.
/// </summary>
internal sealed class EnvelopeSender : IAsyncDisposable
{
    /// <summary>Envelopes that may wait; further ones are dropped.</summary>
    public const int QueueLimit = 1000;

    private const int Senders = 8;
    private const string Errors = "error";
    private const string Transactions = "transaction";
    private const string Stopped = "service stopped";

    /// <summary>How long Sentry may take to answer.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long the waiting envelopes may still take, at most, when the service stops.</summary>
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

    /// <param name="dsn">Where to.</param>
    /// <param name="inbox">Hears what became of each.</param>
    /// <param name="time">The clock of rate limits and of the log.</param>
    /// <param name="logger">Hears of trouble.</param>
    /// <param name="answerLimit">How long Sentry may take to answer; <see cref="AnswerLimit"/> unless given.</param>
    /// <param name="withTraceHeader">Whether envelopes keep their trace header, which holds the key and the environment that the SDK was given.</param>
    public EnvelopeSender(
        Uri dsn, SignalInbox inbox, TimeProvider time, ILogger<EnvelopeSender> logger, TimeSpan? answerLimit = null, bool withTraceHeader = true)
    {
        _withTraceHeader = withTraceHeader;
        (_endpoint, _authentication) = Destination(dsn);
        _http = new HttpClient(new SocketsHttpHandler
        {
            // What is sent is no part of any trace, and goes where the DSN says or nowhere: no proxy on the way to this machine.
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

        // Without the execution context of whatever runs while this is made: senders are no part of a request.
        using var apart = ExecutionContext.SuppressFlow();
        _senders = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAllAsync))];
    }

    /// <summary>Takes an envelope to be sent, or drops it where too many wait.</summary>
    public void Send(SignalEntry entry)
    {
        if (!_queue.Writer.TryWrite(entry))
        {
            _inbox.Settle(entry, SignalState.Dropped, _draining ? Stopped : "queue full");
        }
    }

    /// <summary>Sends what waits and drops the rest. Nothing is taken after that.</summary>
    /// <param name="limit">How long it may take; <see cref="DrainLimit"/> at most.</param>
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

    // Where a DSN points: https://develop.sentry.dev/sdk/foundations/transport/authentication/
    private static (Uri Endpoint, string Authentication) Destination(Uri dsn)
    {
        var keys = dsn.UserInfo.Split(':', 2);
        var slash = dsn.AbsolutePath.LastIndexOf('/');
        var endpoint = new UriBuilder(dsn.Scheme, dsn.Host, dsn.Port, $"{dsn.AbsolutePath[..slash]}/api/{dsn.AbsolutePath[(slash + 1)..]}/envelope/").Uri;
        var client = $"mocksre/{typeof(EnvelopeSender).Assembly.GetName().Version?.ToString(3)}";
        var secret = keys.Length > 1 ? $",sentry_secret={keys[1]}" : "";
        return (endpoint, $"Sentry sentry_version=7,sentry_client={client},sentry_key={keys[0]}{secret}");
    }

    private async Task SendAllAsync()
    {
        await foreach (var entry in _queue.Reader.ReadAllAsync())
        {
            var category = entry.Signals is [ErrorSignal, ..] ? Errors : Transactions;
            var (state, reason) = _stop.IsCancellationRequested ? (SignalState.Dropped, Stopped) : await SendAsync(_withTraceHeader ? entry.Bytes : EnvelopeExport.Envelope(entry), category);
            _inbox.Settle(entry, state, reason);
            if (reason != Stopped)
            {
                _log.Tell(category, state, reason);
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
            return answer.StatusCode == HttpStatusCode.OK ? (SignalState.Sent, null) : (SignalState.Refused, $"status {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException)
        {
            return (SignalState.Dropped, _stop.IsCancellationRequested ? Stopped : $"no answer within {_http.Timeout.TotalSeconds} s");
        }
        catch (HttpRequestException e)
        {
            return (SignalState.Dropped, e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                ? "no connection"
                : "no usable answer");
        }
        catch (Exception e)
        {
            // One envelope is lost, not the sender with all that would come after.
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

        // The SDK sends none, and Sentry needs none; Sentry's own local viewer, Spotlight, takes nothing without.
        content.Headers.ContentType = new MediaTypeHeaderValue(EnvelopeExport.ContentType);
        return content;
    }
}
