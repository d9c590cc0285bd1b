using MockSre.Domain.Signals;
using Sentry.Extensibility;
using Sentry.Http;
using Envelope = Sentry.Protocol.Envelopes.Envelope;

namespace MockSre.Web.Signals;

/// <summary>
/// Where the SDK's envelopes go: serialised once, into the inbox, and the same bytes to Sentry if there is one. It never waits,
/// since the SDK hands over one envelope after the other.
/// </summary>
internal sealed class SignalTransport(SentryOptions options, SignalInbox inbox, Func<SignalRoutes> findRoutes)
    : HttpTransportBase(options), ITransport
{
    public async Task SendEnvelopeAsync(Envelope envelope, CancellationToken cancellationToken = default)
    {
        // The base class only adds what the SDK has to report of signals it discarded. Rate limits are the sender's.
        var whole = ProcessEnvelope(envelope);
        using var stream = new MemoryStream();
        await whole.SerializeAsync(stream, logger: null, cancellationToken);
        var routes = findRoutes();
        var entry = inbox.Add(stream.ToArray(), signals => routes.For(signals) is null ? SignalState.Local : SignalState.Queued);
        routes.For(entry.Signals)?.Send(entry);
    }
}
