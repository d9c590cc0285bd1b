using MockSre.Domain.Signals;
using Sentry.Extensibility;
using Sentry.Http;
using Envelope = Sentry.Protocol.Envelopes.Envelope;

namespace MockSre.Web.Signals;

/// <summary>
/// Receives the SDK's envelopes. Each is serialised once, added to the inbox, and queued for Sentry if one is configured. It never
/// waits, because the SDK hands over one envelope at a time.
/// </summary>
internal sealed class SignalTransport(SentryOptions options, SignalInbox inbox, Func<SignalRoutes> findRoutes)
    : HttpTransportBase(options), ITransport
{
    public async Task SendEnvelopeAsync(Envelope envelope, CancellationToken cancellationToken = default)
    {
        // The base class only adds reports of discarded signals. EnvelopeSender handles rate limits.
        var whole = ProcessEnvelope(envelope);
        using var stream = new MemoryStream();
        await whole.SerializeAsync(stream, logger: null, cancellationToken);
        var routes = findRoutes();
        var entry = inbox.Add(stream.ToArray(), signals => routes.For(signals) is null ? SignalState.Local : SignalState.Queued);
        routes.For(entry.Signals)?.Send(entry);
    }
}
