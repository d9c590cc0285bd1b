using System.IO.Compression;
using System.Runtime.InteropServices;

namespace MockSre.Domain.Signals;

/// <summary>Reads Sentry's envelope format: https://develop.sentry.dev/sdk/data-model/envelopes/. No input makes it throw.</summary>
/// <remarks>
/// An envelope is a line of JSON, then the items. Each item is a line of JSON with its <c>type</c> and usually its <c>length</c>,
/// followed by the payload.
/// </remarks>
public static class EnvelopeReader
{
    /// <summary>The largest envelope, in bytes without gzip: 4 MiB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The longest header line, in bytes without its newline: 16 KiB.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    public const int MaxItems = 100;

    private const byte NewLine = (byte)'\n';

    private static readonly string TooLarge = $"It is larger than {MaxBytes} bytes.";
    private static readonly string TooManyItems = $"It has more than {MaxItems} items.";
    private static readonly string HeaderTooLong = $"A header is longer than {MaxHeaderBytes} bytes.";

    /// <summary>Reads an envelope, gzipped or plain. Plain bytes are not copied: the envelope holds slices of them.</summary>
    /// <param name="problem">Why the envelope cannot be read, in one short sentence.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Envelope? envelope, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            Require(bytes.Length <= MaxBytes, TooLarge);
            envelope = Read(IsGzip(bytes.Span) ? Inflate(bytes) : bytes);
            problem = null;
            return true;
        }
        catch (FormatException e)
        {
            envelope = null;
            problem = e.Message;
            return false;
        }
    }

    private static Envelope Read(ReadOnlyMemory<byte> bytes)
    {
        var offset = 0;
        using var header = ReadHeader(bytes, ref offset, out var line);
        var items = new List<EnvelopeItem>();
        while (offset < bytes.Length)
        {
            if (bytes.Span[offset] == NewLine)
            {
                offset++; // the last item may be followed by more newlines
                continue;
            }

            Require(items.Count < MaxItems, TooManyItems);
            items.Add(ReadItem(bytes, ref offset));
        }

        return new Envelope(bytes, line, EventIds.Read(header.RootElement.Field("event_id").Text()), items);
    }

    private static EnvelopeItem ReadItem(ReadOnlyMemory<byte> bytes, ref int offset)
    {
        using var json = ReadHeader(bytes, ref offset, out _);
        var header = json.RootElement;
        var name = header.Field("type");
        var type = name is { ValueKind: JsonValueKind.String } ? name.Text() : null;
        Require(!string.IsNullOrEmpty(type), "An item has no type.");
        var rest = bytes[offset..];
        var length = header.Field("length") is not { } given ? FirstLine(rest).Length
            : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var whole) ? whole
            : -1;
        Require(length >= 0 && length <= rest.Length, "An item's length is not the length of its payload.");
        Require(length == rest.Length || rest.Span[length] == NewLine, "An item is longer than its length.");
        offset += Math.Min(length + 1, rest.Length);
        return new EnvelopeItem(type!, rest[..length]);
    }

    // The caller disposes the document.
    private static JsonDocument ReadHeader(ReadOnlyMemory<byte> bytes, ref int offset, out ReadOnlyMemory<byte> line)
    {
        var rest = bytes[offset..];
        line = FirstLine(rest[..Math.Min(rest.Length, MaxHeaderBytes + 1)]);
        Require(line.Length <= MaxHeaderBytes, HeaderTooLong);
        var json = LenientJson.Parse(line) ?? throw new FormatException("A header is not JSON.");
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            json.Dispose();
            throw new FormatException("A header is not a JSON object.");
        }

        offset += Math.Min(line.Length + 1, rest.Length);
        return json;
    }

    // All of it if there is no newline.
    private static ReadOnlyMemory<byte> FirstLine(ReadOnlyMemory<byte> text) =>
        text.Span.IndexOf(NewLine) is >= 0 and var length ? text[..length] : text;

    private static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes is [0x1F, 0x8B, ..];

    // Reads at most one byte more than the limit, so that a zip bomb is never inflated.
    private static byte[] Inflate(ReadOnlyMemory<byte> gzip)
    {
        var packed = MemoryMarshal.TryGetArray(gzip, out var segment) ? segment : new ArraySegment<byte>(gzip.ToArray());
        var buffer = new byte[Math.Clamp(8 * packed.Count, 4096, MaxBytes + 1)];
        var length = 0;
        try
        {
            using var source = new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false);
            using var stream = new GZipStream(source, CompressionMode.Decompress);
            while (stream.Read(buffer, length, buffer.Length - length) is > 0 and var read)
            {
                length += read;
                Require(length <= MaxBytes, TooLarge);
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(2 * buffer.Length, MaxBytes + 1));
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new FormatException("It is not valid gzip.", e);
        }

        return buffer[..length]; // a copy, so that an entry does not keep the rest of the buffer
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }
}
