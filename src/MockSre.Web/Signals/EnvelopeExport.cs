namespace MockSre.Web.Signals;

/// <summary>Exports envelopes of the inbox.</summary>
internal static class EnvelopeExport
{
    /// <summary>Sentry's media type: https://develop.sentry.dev/sdk/foundations/transport/envelopes/</summary>
    public const string ContentType = "application/x-sentry-envelope";

    /// <summary>The serialised envelope and an empty line, without the trace header and its public key of the Sentry project.</summary>
    public static ReadOnlyMemory<byte> Envelope(SignalEntry entry)
    {
        // The inbox holds only readable envelopes.
        _ = EnvelopeReader.TryRead(entry.Bytes, out var envelope, out _);
        using var export = new MemoryStream(entry.Bytes.Length + 2);
        using (var header = JsonDocument.Parse(envelope!.Header))
        using (var writer = new Utf8JsonWriter(export))
        {
            writer.WriteStartObject();
            foreach (var property in header.RootElement.EnumerateObject().Where(property => !property.NameEquals("trace")))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        export.Write(entry.Bytes.Span[envelope.Header.Length..].TrimEnd((byte)'\n'));
        export.Write("\n\n"u8);
        return export.GetBuffer().AsMemory(0, (int)export.Length);
    }

    /// <summary>The payload of the event or transaction in an envelope; null if it has none.</summary>
    public static ReadOnlyMemory<byte>? Payload(SignalEntry entry) =>
        EnvelopeReader.TryRead(entry.Bytes, out var envelope, out _)
            ? envelope.Items.Where(item => item.Type is "event" or "transaction")
                .Select(item => (ReadOnlyMemory<byte>?)item.Payload)
                .FirstOrDefault()
            : null;
}
