using Sentry.Extensibility;
using Sentry.Http;
using Envelope = Sentry.Protocol.Envelopes.Envelope;

namespace MockSre.Web.Signals;

/// <summary>Serialises the SDK's envelopes once, adds them to the inbox and queues them for Sentry. It never blocks the SDK.</summary>
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
