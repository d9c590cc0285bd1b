using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MockSre.Domain.Signals;

/// <summary>
/// Takes an envelope apart as Sentry's format has it (https://develop.sentry.dev/sdk/data-model/envelopes/): a line of JSON, then
/// for each item a line of JSON with its <c>type</c> and, mostly, its <c>length</c>, and the payload. It never throws, whatever the bytes.
/// </summary>
public static class EnvelopeReader
{
    /// <summary>The largest envelope, in bytes after gzip was taken off: 4 MiB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The longest header line, in bytes without its newline: 16 KiB.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    /// <summary>The most items in an envelope.</summary>
    public const int MaxItems = 100;

    private const byte NewLine = (byte)'\n';

    /// <summary>Reads an envelope, gzipped or plain. Plain bytes are not copied: the envelope is made of slices of them.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="envelope">What was read.</param>
    /// <param name="problem">In one short sentence, why it could not be.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Envelope? envelope, [NotNullWhen(false)] out string? problem)
    {
        envelope = null;
        if (bytes.Length > MaxBytes)
        {
            problem = $"It is larger than {MaxBytes} bytes.";
            return false;
        }

        if (IsGzip(bytes.Span) && !TryInflate(bytes, out bytes, out problem))
        {
            return false;
        }

        var offset = 0;
        if (!TryReadHeader(bytes, ref offset, out var header, out problem))
        {
            return false;
        }

        string? eventId;
        using (header.Json)
        {
            eventId = EventIds.Read(header.Json.RootElement.Field("event_id").Text());
        }

        if (!TryReadItems(bytes, offset, out var items, out problem))
        {
            return false;
        }

        envelope = new Envelope(bytes, header.Line, eventId, items);
        return true;
    }

    private static bool TryReadItems(
        ReadOnlyMemory<byte> bytes, int offset, out List<EnvelopeItem> items, [NotNullWhen(false)] out string? problem)
    {
        items = [];
        problem = null;
        while (offset < bytes.Length)
        {
            if (bytes.Span[offset] == NewLine)
            {
                offset++; // the last item may end in one newline or more
                continue;
            }

            if (items.Count == MaxItems)
            {
                problem = $"It has more than {MaxItems} items.";
                return false;
            }

            if (!TryReadHeader(bytes, ref offset, out var header, out problem))
            {
                return false;
            }

            using (header.Json)
            {
                if (!TryReadItem(bytes, header.Json.RootElement, ref offset, out var item, out problem))
                {
                    return false;
                }

                items.Add(item);
            }
        }

        return true;
    }

    private static bool TryReadItem(
        ReadOnlyMemory<byte> bytes,
        JsonElement header,
        ref int offset,
        [NotNullWhen(true)] out EnvelopeItem? item,
        [NotNullWhen(false)] out string? problem)
    {
        item = null;
        problem = null;
        var name = header.Field("type");
        if (name is not { ValueKind: JsonValueKind.String } || name.Text() is not { Length: > 0 } type)
        {
            problem = "An item has no type.";
            return false;
        }

        var rest = bytes[offset..];
        int length;
        if (header.Field("length") is not { } given)
        {
            length = rest.Span.IndexOf(NewLine);
            length = length < 0 ? rest.Length : length;
        }
        else if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out length) || length < 0 || length > rest.Length)
        {
            problem = "An item's length is not that of a payload that follows.";
            return false;
        }

        if (length < rest.Length && rest.Span[length] != NewLine)
        {
            problem = "An item goes on after its length.";
            return false;
        }

        item = new EnvelopeItem(type, rest[..length]);
        offset += Math.Min(length + 1, rest.Length);
        return true;
    }

    // The document is the caller's to dispose of.
    private static bool TryReadHeader(
        ReadOnlyMemory<byte> bytes,
        ref int offset,
        out (ReadOnlyMemory<byte> Line, JsonDocument Json) header,
        [NotNullWhen(false)] out string? problem)
    {
        header = default;
        problem = null;
        var rest = bytes[offset..];
        var length = rest.Span[..Math.Min(rest.Length, MaxHeaderBytes + 1)].IndexOf(NewLine);
        if (length < 0 && rest.Length > MaxHeaderBytes)
        {
            problem = $"A header is longer than {MaxHeaderBytes} bytes.";
            return false;
        }

        var line = length < 0 ? rest : rest[..length];
        if (!LenientJson.TryParse(line, out var json))
        {
            problem = "A header is not JSON.";
            return false;
        }

        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            json.Dispose();
            problem = "A header is not a JSON object.";
            return false;
        }

        header = (line, json);
        offset += Math.Min(line.Length + 1, rest.Length);
        return true;
    }

    private static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes is [0x1F, 0x8B, ..];

    // One byte more than allowed is enough to know; the rest of a bomb is never inflated.
    private static bool TryInflate(ReadOnlyMemory<byte> gzip, out ReadOnlyMemory<byte> plain, [NotNullWhen(false)] out string? problem)
    {
        plain = default;
        problem = null;
        var packed = MemoryMarshal.TryGetArray(gzip, out var segment) ? segment : new ArraySegment<byte>(gzip.ToArray());
        var buffer = new byte[Math.Clamp(8 * packed.Count, 4096, MaxBytes + 1)];
        var length = 0;
        try
        {
            using var stream = new GZipStream(
                new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false), CompressionMode.Decompress);
            while (stream.Read(buffer, length, buffer.Length - length) is > 0 and var read)
            {
                length += read;
                if (length > MaxBytes)
                {
                    problem = $"It is larger than {MaxBytes} bytes.";
                    return false;
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(2 * buffer.Length, MaxBytes + 1));
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            problem = "It begins as gzip does, but is none.";
            return false;
        }

        plain = buffer.AsSpan(0, length).ToArray(); // whoever keeps it keeps no more than it is
        return true;
    }
}
