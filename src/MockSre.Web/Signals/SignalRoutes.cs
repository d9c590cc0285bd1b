namespace MockSre.Web.Signals;

/// <summary>Chooses the Sentry project of a signal. Blind signals have their own: Sentry would group them with labelled ones.</summary>
internal sealed class SignalRoutes(ServiceSettings settings, SignalInbox inbox, TimeProvider time, ILogger<EnvelopeSender> logger)
    : IAsyncDisposable
{
    private readonly EnvelopeSender? _open =
        settings.SentryDsn is { } dsn ? new EnvelopeSender(dsn, inbox, time, logger) : null;

    private readonly EnvelopeSender? _blind =
        settings.SentryBlindDsn is { } dsn ? new EnvelopeSender(dsn, inbox, time, logger, withTraceHeader: false) : null;

    /// <summary>The sender of an envelope; null if it stays here. Only signals of blind deployments name the blind environment.</summary>
    public EnvelopeSender? For(IReadOnlyList<Signal> signals) =>
        signals.Any(signal => signal.Environment == ProfileSignals.BlindEnvironment) ? _blind : _open;

    /// <inheritdoc cref="EnvelopeSender.DrainAsync"/>
    public Task DrainAsync(TimeSpan limit) => Task.WhenAll(Senders.Select(sender => sender.DrainAsync(limit)));

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in Senders)
        {
            await sender.DisposeAsync();
        }
    }

    private IEnumerable<EnvelopeSender> Senders => new[] { _open, _blind }.OfType<EnvelopeSender>();
}
