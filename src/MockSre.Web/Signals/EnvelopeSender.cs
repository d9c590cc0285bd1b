using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;

namespace MockSre.Web.Signals;

/// <summary>
/// Sends envelopes to Sentry, a few at a time, off any request's path. Each is tried once: what cannot be sent is dropped and
/// counted, so that a Sentry in trouble costs memory up to a limit and nothing else.
/// </summary>
internal sealed partial class EnvelopeSender : IDisposable
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
    private readonly SignalInbox _inbox;
    private readonly ILogger<EnvelopeSender> _logger;
    private readonly RateLimits _limits;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Outgoing> _queue = Channel.CreateBounded<Outgoing>(QueueLimit);
    private readonly Task[] _senders;
    private readonly ConcurrentDictionary<string, string?> _trouble = new();
    private volatile bool _draining;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // What is sent is no part of any trace, and goes where the DSN says or nowhere.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = Senders,
    })
    {
        Timeout = AnswerLimit,
    };

    public EnvelopeSender(ServiceSettings settings, SignalInbox inbox, TimeProvider time, ILogger<EnvelopeSender> logger)
    {
        (_endpoint, _authentication) = Destination(settings.SentryDsn!);
        _inbox = inbox;
        _logger = logger;
        _limits = new RateLimits(time);

        // Apart from whatever runs while this is made: senders are no part of a request.
        using var apart = ExecutionContext.SuppressFlow();
        _senders = [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAllAsync))];
    }

    /// <summary>Takes an envelope to be sent, or drops it where too many wait.</summary>
    public void Send(SignalEntry entry, byte[] bytes)
    {
        if (!_queue.Writer.TryWrite(new Outgoing(entry, bytes)))
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

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _stop.Cancel();
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
        await foreach (var (entry, bytes) in _queue.Reader.ReadAllAsync())
        {
            var category = entry.Signals is [ErrorSignal, ..] ? Errors : Transactions;
            var (state, reason) = _stop.IsCancellationRequested ? (SignalState.Dropped, Stopped) : await SendAsync(bytes, category);
            _inbox.Settle(entry, state, reason);
            Tell(category, state, reason);
        }
    }

    private async Task<(SignalState State, string? Reason)> SendAsync(byte[] bytes, string category)
    {
        if (_limits.Cover(category))
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
            return (SignalState.Dropped, _stop.IsCancellationRequested ? Stopped : $"no answer within {AnswerLimit.TotalSeconds} s");
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

    private static ByteArrayContent Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");

        // The SDK sends none, and Sentry needs none; Sentry's own local viewer, Spotlight, takes nothing without.
        content.Headers.ContentType = new MediaTypeHeaderValue(EnvelopeExport.ContentType);
        return content;
    }

    // Once when it begins and once when it is over, not for each envelope.
    private void Tell(string category, SignalState state, string? reason)
    {
        var before = _trouble.GetValueOrDefault(category);
        _trouble[category] = reason;
        if (reason is not null && before is null)
        {
            LogTrouble(_logger, _endpoint.Authority, category, state, reason);
        }
        else if (reason is null && before is not null)
        {
            LogOver(_logger, _endpoint.Authority, category);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sentry at {Host} does not get what is sent as {Category}: {State}, {Reason}")]
    private static partial void LogTrouble(ILogger logger, string host, string category, SignalState state, string reason);

    [LoggerMessage(LogLevel.Information, "Sentry at {Host} gets what is sent as {Category} again")]
    private static partial void LogOver(ILogger logger, string host, string category);

    private readonly record struct Outgoing(SignalEntry Entry, byte[] Bytes);
}
