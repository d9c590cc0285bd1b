namespace MockSre.Domain.Signals;

/// <summary>One part of an envelope. The payload is a slice of <see cref="Envelope.Bytes"/> and lives as long as they do.</summary>
/// <param name="Type">What it is, such as <c>event</c>, <c>transaction</c> or <c>client_report</c>, or any other word; never empty.</param>
/// <param name="Payload">Its bytes, unread; mostly JSON.</param>
public sealed record EnvelopeItem(string Type, ReadOnlyMemory<byte> Payload);

/// <summary>What an SDK sends to Sentry at once.</summary>
/// <param name="Bytes">All of it as plain bytes, at most <see cref="EnvelopeReader.MaxBytes"/>; gzip has been taken off.</param>
/// <param name="Header">The JSON object of the first line.</param>
/// <param name="EventId">The event that the envelope is about, as 32 lower-case hex digits; null if it names none.</param>
/// <param name="Items">In the order they came, at most <see cref="EnvelopeReader.MaxItems"/>.</param>
public sealed record Envelope(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Header, string? EventId, IReadOnlyList<EnvelopeItem> Items);
