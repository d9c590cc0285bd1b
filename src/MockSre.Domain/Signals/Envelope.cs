namespace MockSre.Domain.Signals;

/// <summary>An item of an envelope. The payload is a slice of <see cref="Envelope.Bytes"/>.</summary>
/// <param name="Type">Such as <c>event</c>, <c>transaction</c> or <c>client_report</c>; never empty.</param>
public sealed record EnvelopeItem(string Type, ReadOnlyMemory<byte> Payload);

/// <summary>One message of an SDK to Sentry.</summary>
/// <param name="Bytes">The whole envelope without gzip, at most <see cref="EnvelopeReader.MaxBytes"/>.</param>
/// <param name="Header">The first line, a JSON object.</param>
/// <param name="EventId">32 lower-case hex digits; null if the header names no event.</param>
/// <param name="Items">In the order of the envelope, at most <see cref="EnvelopeReader.MaxItems"/>.</param>
public sealed record Envelope(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Header, string? EventId, IReadOnlyList<EnvelopeItem> Items);
