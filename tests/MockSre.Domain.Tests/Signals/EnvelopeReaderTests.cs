using System.Text;
using MockSre.Domain.Signals;
using static MockSre.Testing.Envelopes;

namespace MockSre.Domain.Tests.Signals;

public sealed class EnvelopeReaderTests
{
    // Most of these are examples from Sentry's documentation of the format.
    [Theory]
    [InlineData("{}", "")]
    [InlineData("{}\n", "")]
    [InlineData("{}\n\n\n", "")]
    [InlineData("{}\r\n{\"type\":\"a\"}\r\nx", "a:x")]
    [InlineData("{}\n{\"type\":\"session\"}\n{\"started\":1}", "session:{\"started\":1}")]
    [InlineData("{}\n{\"type\":\"attachment\"}\nhello\n", "attachment:hello")]
    [InlineData("{}\n{\"type\":\"attachment\",\"length\":null}\nhello", "attachment:hello")]
    [InlineData("{}\n{\"type\":\"attachment\",\"length\":0}", "attachment:")]
    [InlineData("{}\n{\"type\":\"attachment\",\"length\":0}\n", "attachment:")]
    [InlineData("{}\n{\"type\":\"attachment\",\"length\":0}\n\n{\"type\":\"b\",\"length\":0}\n", "attachment:|b:")]
    [InlineData("{}\n{\"type\":\"a\"}\n\n{\"type\":\"b\"}\n", "a:|b:")]
    [InlineData(
        "{}\n{\"type\":\"a\",\"length\":11}\nline1\nline2\n{\"type\":\"never heard of\",\"length\":2}\n{}\n\n",
        "a:line1\nline2|never heard of:{}")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":2,\"filename\":\"x\"}\n\n\n\n{\"length\":1,\"type\":\"b\"}\nx", "a:\n\n|b:x")]
    public void TryRead_AnEnvelope_GivesItsItems(string text, string expected)
    {
        Assert.True(EnvelopeReader.TryRead(Utf8(text), out var envelope, out var problem), problem);

        Assert.Null(problem);
        Assert.Equal("{}", Encoding.UTF8.GetString(envelope.Header.Span).TrimEnd());
        Assert.Equal(
            expected, string.Join('|', envelope.Items.Select(item => $"{item.Type}:{Encoding.UTF8.GetString(item.Payload.Span)}")));
    }

    [Theory]
    [InlineData("", "A header is not JSON.")]
    [InlineData("\n{}", "A header is not JSON.")]
    [InlineData("{", "A header is not JSON.")]
    [InlineData("{} x", "A header is not JSON.")]
    [InlineData("[]", "A header is not a JSON object.")]
    [InlineData("null\n", "A header is not a JSON object.")]
    [InlineData("{}\n{\"type\":\"a\"", "A header is not JSON.")]
    [InlineData("{}\n\"type\"\nx", "A header is not a JSON object.")]
    [InlineData("{}\n{}\nx", "An item has no type.")]
    [InlineData("{}\n{\"type\":\"\"}\nx", "An item has no type.")]
    [InlineData("{}\n{\"type\":7}\nx", "An item has no type.")]
    [InlineData("{}\n{\"type\":\"\\ud800\"}\nx", "An item has no type.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":-1}\nx", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":2}\nx", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":1}", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":0.5}\nx", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":\"1\"}\nx", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":2147483647}\nx", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":99999999999999999999999}\nx", "An item's length is not the length of its payload.")]
    [InlineData("{}\n{\"type\":\"a\",\"length\":1}\nxy", "An item is longer than its length.")]
    public void TryRead_NoEnvelope_SaysWhy(string text, string expected)
    {
        Assert.False(EnvelopeReader.TryRead(Utf8(text), out var envelope, out var problem));

        Assert.Null(envelope);
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("\"1ED564620C474626A29A65DD9753DC3D\"", EventId)]
    [InlineData("\"1ed56462-0c47-4626-a29a-65dd9753dc3d\"", EventId)]
    [InlineData("\"1ed564620c474626a29a65dd9753dc3\"", null)]
    [InlineData("\"{1ed56462-0c47-4626-a29a-65dd9753dc3d}\"", null)]
    [InlineData("7", null)]
    [InlineData("null", null)]
    public void TryRead_TheEventId_IsAsSentryWritesIt(string json, string? expected)
    {
        Assert.True(EnvelopeReader.TryRead(Utf8($$"""{"event_id":{{json}}}"""), out var envelope, out _));

        Assert.Equal(expected, envelope.EventId);
    }

    [Fact]
    public void TryRead_AnEnvelopeOfTheSdk_IsReadPlainAndGzipped()
    {
        var plain = Of("event", Error());

        Assert.All([plain, Gzip(plain), [.. Gzip(plain.AsSpan(0, 50)), .. Gzip(plain.AsSpan(50))]], bytes =>
        {
            Assert.True(EnvelopeReader.TryRead(bytes, out var envelope, out _));
            Assert.Equal(EventId, envelope.EventId);
            Assert.Equal(plain, envelope.Bytes.ToArray());
            Assert.Equal("event", Assert.Single(envelope.Items).Type);
        });
    }

    [Fact]
    public void TryRead_InvalidUtf8InAHeader_IsAProblem()
    {
        Assert.False(EnvelopeReader.TryRead((byte[])[.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], out _, out var problem));
        Assert.Equal("A header is not JSON.", problem);

        Assert.False(EnvelopeReader.TryRead((byte[])[.. "{}\n{\"type\":\""u8, 0xC3, .. "\"}\n"u8], out _, out problem));
        Assert.Equal("A header is not JSON.", problem);
    }

    [Fact]
    public void TryRead_InvalidUtf8InAPayload_IsNoMatter()
    {
        Assert.True(EnvelopeReader.TryRead((byte[])[.. "{}\n{\"type\":\"attachment\"}\n"u8, 0xFF, 0x00], out var envelope, out _));

        Assert.Equal([0xFF, 0x00], envelope.Items[0].Payload.ToArray());
    }

    [Fact]
    public void TryRead_AHeaderAtItsLimit_IsReadAndOneByteMoreIsNot()
    {
        var longest = $$"""{"a":"{{new string('x', EnvelopeReader.MaxHeaderBytes - 8)}}"}""";

        Assert.True(EnvelopeReader.TryRead(Utf8(longest), out _, out _));
        Assert.True(EnvelopeReader.TryRead(Utf8($"{longest}\n{{\"type\":\"a\"}}\n"), out _, out _));
        Assert.False(EnvelopeReader.TryRead(Utf8(longest + " "), out _, out var problem));
        Assert.Equal("A header is longer than 16384 bytes.", problem);
        Assert.False(EnvelopeReader.TryRead(Utf8($"{{}}\n{longest} \n"), out _, out problem));
        Assert.Equal("A header is longer than 16384 bytes.", problem);
    }

    [Fact]
    public void TryRead_ItemsAtTheirLimit_AreReadAndOneMoreIsNot()
    {
        var most = "{}\n" + string.Concat(Enumerable.Repeat("{\"type\":\"a\"}\nx\n", EnvelopeReader.MaxItems));

        Assert.True(EnvelopeReader.TryRead(Utf8(most + "\n"), out var envelope, out _));
        Assert.Equal(EnvelopeReader.MaxItems, envelope.Items.Count);
        Assert.False(EnvelopeReader.TryRead(Utf8(most + "{\"type\":\"a\"}\nx"), out _, out var problem));
        Assert.Equal("It has more than 100 items.", problem);
    }

    [Fact]
    public void TryRead_BytesAtTheirLimit_AreReadAndOneMoreIsNot()
    {
        byte[] most = OfSize(EnvelopeReader.MaxBytes), tooMany = OfSize(EnvelopeReader.MaxBytes + 1);

        Assert.True(EnvelopeReader.TryRead(most, out _, out _));
        Assert.True(EnvelopeReader.TryRead(Gzip(most), out var envelope, out _));
        Assert.Equal(EnvelopeReader.MaxBytes, envelope.Bytes.Length);
        Assert.All([tooMany, Gzip(tooMany)], bytes =>
        {
            Assert.False(EnvelopeReader.TryRead(bytes, out _, out var problem));
            Assert.Equal("It is larger than 4194304 bytes.", problem);
        });
    }

    [Fact]
    public void TryRead_AGzipBomb_StopsAtTheLimit()
    {
        var bomb = GzipOfZeros(megabytes: 200);
        Assert.InRange(bomb.Length, 1, 1024 * 1024);
        EnvelopeReader.TryRead(Gzip("{}"u8), out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(EnvelopeReader.TryRead(bomb, out _, out var problem));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("It is larger than 4194304 bytes.", problem);
        Assert.InRange(allocated, EnvelopeReader.MaxBytes, 3 * EnvelopeReader.MaxBytes);
    }

    [Fact]
    public void TryRead_BrokenGzip_IsAProblem()
    {
        var gzip = Gzip(Of("event", Error()));
        var wrongSum = gzip.ToArray();
        wrongSum[^6] ^= 1;

        Assert.All([gzip[..2], gzip[..40], wrongSum, [0x1F, 0x8B, .. "no gzip at all"u8]], bytes =>
            Assert.False(EnvelopeReader.TryRead(bytes, out _, out _)));
    }

    [Fact]
    public void TryRead_ASliceOfAnArray_ReadsNoFurther()
    {
        byte[] plain = Of("event", Error()), packed = Gzip(plain);

        Assert.True(EnvelopeReader.TryRead(((byte[])[1, 2, .. plain, 3]).AsMemory(2, plain.Length), out var envelope, out _));
        Assert.Equal(plain, envelope.Bytes.ToArray());
        Assert.True(EnvelopeReader.TryRead(((byte[])[1, 2, .. packed, 3]).AsMemory(2, packed.Length), out envelope, out _));
        Assert.Equal(plain, envelope.Bytes.ToArray());
    }
}
