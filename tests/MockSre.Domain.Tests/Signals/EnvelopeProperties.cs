using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Signals;
using static MockSre.Testing.Envelopes;

namespace MockSre.Domain.Tests.Signals;

public sealed class EnvelopeProperties
{
    [Property(MaxTest = 500, Arbitrary = [typeof(Any)])]
    internal void TryRead_ItemsAsWritten_AreReadTheSame(Written written)
    {
        var plain = written.Bytes();

        Assert.All([plain, Gzip(plain)], bytes =>
        {
            Assert.True(EnvelopeReader.TryRead(bytes, out var envelope, out var problem), problem);
            Assert.Equal(written.Items.Select(item => (item.Type, Convert.ToHexString(item.Payload))),
                envelope.Items.Select(item => (item.Type, Convert.ToHexString(item.Payload.Span))));
        });
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(Any)])]
    internal void TryRead_AnyBytes_EndsWithAnEnvelopeOrAProblem(Broken broken)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = EnvelopeReader.TryRead(broken.Bytes, out var envelope, out var problem);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 4 * EnvelopeReader.MaxBytes);
        Assert.Equal((read, !read), (envelope is not null, problem is not null));
        if (envelope is null)
        {
            Assert.Matches("^[A-Z][^\n]{5,80}\\.$", problem);
            return;
        }

        Assert.InRange(envelope.Bytes.Length, 0, EnvelopeReader.MaxBytes);
        Assert.InRange(envelope.Items.Count, 0, EnvelopeReader.MaxItems);
        Assert.All(envelope.Items, item =>
        {
            Assert.NotEmpty(item.Type);
            SignalReader.TryRead(item, At, out _);
        });
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(Any)])]
    internal void SignalReader_AnyBytes_GivesASignalOrNone(Broken broken, bool transaction)
    {
        var read = SignalReader.TryRead(new EnvelopeItem(transaction ? "transaction" : "event", broken.Bytes), At, out var signal);

        Assert.Equal(read, signal is not null);
        if (signal is TransactionSignal readTransaction)
        {
            Assert.Equal(readTransaction.Spans.Count, SpanTree.Of(readTransaction).Count);
        }
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(Any)])]
    internal void SignalReader_AnyJsonInPlaceOfAnother_GivesASignalOrNone(Replaced replaced)
    {
        var read = SignalReader.TryRead(Item(replaced.Type, replaced.Json), At, out var signal);

        // A transaction without its times is refused. The replaced value may be one of them, or an object around them.
        Assert.True(read || replaced.Type == "transaction", "One odd field made an error unreadable.");
        Assert.Equal(read, signal is not null);
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(Any)])]
    internal void Add_AnyBytes_AreCountedOnce(Broken broken)
    {
        var inbox = new SignalInbox(new FakeTimeProvider());

        var entry = inbox.Add(broken.Bytes, SignalState.Queued);
        inbox.Settle(entry, SignalState.Sent);

        var counts = inbox.Counts;
        Assert.Equal(1, counts.Held + counts.Unreadable);
        Assert.Equal(1, counts.ByState[SignalState.Sent]);
        Assert.Equal(entry.Signals.Count, counts.Errors + counts.Transactions);
    }

    internal sealed record WrittenItem(string Type, byte[] Payload, bool WithLength);

    internal sealed record Written(IReadOnlyList<WrittenItem> Items, bool EndsWithNewLine)
    {
        public byte[] Bytes()
        {
            var bytes = new List<byte>("{}\n"u8.ToArray());
            foreach (var item in Items)
            {
                var type = JsonSerializer.Serialize(item.Type);

                // Without a length, a payload cannot hold a newline.
                bytes.AddRange(Utf8(item.WithLength || item.Payload.Contains((byte)'\n')
                    ? $$"""{"length":{{item.Payload.Length}},"type":{{type}}}"""
                    : $$"""{"type":{{type}}}"""));
                bytes.AddRange([(byte)'\n', .. item.Payload, (byte)'\n']);
            }

            return EndsWithNewLine || Items.Count == 0 ? [.. bytes] : [.. bytes[..^1]];
        }
    }

    internal sealed record Broken(string How, byte[] Bytes)
    {
        public override string ToString() => $"{How}: {Convert.ToBase64String(Bytes.AsSpan(0, Math.Min(Bytes.Length, 3000)))}";
    }

    internal sealed record Replaced(string Type, string Json);

    internal static class Any
    {
        private static readonly byte[][] Whole =
        [
            Of("event", Error()), Of("transaction", Transaction()), Utf8(Error().ToJsonString()), Utf8(Transaction().ToJsonString()),
            Of("client_report", """{"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":3}]}"""),
        ];

        private static readonly byte[] Bomb = GzipOfZeros(20);

        private static readonly string[] Values =
        [
            "null", "true", "0", "-1", "1e400", "-1e400", "1e-400", "99999999999999999999999999999999", "0.1",
            "\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"",
            "[]", "{}", "[null]", "[[]]", "[1,\"a\"]", "[[\"a\",\"b\"],[1,2],[null,null],[\"\\ud800\",1]]",
            "{\"values\":null}", "{\"values\":[null,{}]}", "{\"\\ud800aaaaaaaaaaaaaaaaaaaaaaa\":1}", "{\"a\":{\"b\":[]}}",
            "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"2026-03-12\"",
            "-62135596800", "253402300799.99999999", "253402300800",
            "[{},{},{}]", "\"((((<<<<[[[[\"", "\"))))>>>>]]]]\"", "\"+.+.<>(\"",
            "[{\"function\":\"<\"},{\"function\":\"+(\"}]",
        ];

        public static Arbitrary<Written> Envelope() => Arb.From(
            from items in Gen.ListOf(
                from type in Gen.Elements("event", "transaction", "client_report", "new one", "\"", "\n", "ä", "\ud83d\ude00")
                from payload in Gen.ArrayOf(Gen.Elements<byte>(0, 10, 13, 32, (byte)'{', (byte)'}', (byte)'"', (byte)'x', 0x1F, 0xC3, 0xFF))
                from withLength in Gen.Elements(true, false)
                select new WrittenItem(type, payload, withLength))
            from newLine in Gen.Elements(true, false)
            select new Written([.. items.Take(EnvelopeReader.MaxItems)], newLine));

        public static Arbitrary<Broken> Bytes() => Arb.From(Gen.Frequency(
            (3, from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
                select new Broken("random", bytes)),
            (1, from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
                select new Broken("random after gzip's two", [0x1F, 0x8B, 8, 0, .. bytes])),
            (2, from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
                select new Broken("gzip of random", Gzip(bytes))),
            (1, Gen.Constant(new Broken("bomb", Bomb))),
            (4, from whole in Gen.Elements(Whole)
                from at in Gen.Choose(0, whole.Length)
                select new Broken("truncated", whole[..at])),
            (2, from whole in Gen.Elements(Whole)
                from at in Gen.Choose(0, 500)
                select new Broken("truncated gzip", Truncated(Gzip(whole), at))),
            (4, from whole in Gen.Elements(Whole)
                from flips in Gen.ListOf(Flip(whole.Length))
                select new Broken("flipped", Flipped(whole, flips))),
            (2, from whole in Gen.Elements(Whole)
                from flips in Gen.ListOf(Flip(whole.Length))
                select new Broken("gzip of flipped", Gzip(Flipped(whole, flips)))),
            (3, from length in Gen.Elements(
                    "-1", "0", "1", "4194304", "2147483647", "2147483648", "-9223372036854775808", "1e9", "1e400", "null", "[]", "\"9\"")
                select new Broken("length", Utf8($"{{}}\n{{\"type\":\"event\",\"length\":{length}}}\n{Error().ToJsonString()}"))),
            (1, from size in Gen.Elements(16_383, 16_384, 16_385, 100_000, 4_194_000)
                select new Broken("huge header", Utf8($"{{}}\n{{\"type\":\"{new string('e', size)}\"}}\n{{}}"))),
            (2, from depth in Gen.Elements(63, 64, 65, 1000, 100_000)
                from open in Gen.Elements("[", "{\"a\":")
                select new Broken("deep", Of("event", string.Concat(Enumerable.Repeat(open, depth))))),
            (2, from depth in Gen.Elements(60, 64, 65, 8000)
                select new Broken("deep header", Utf8($"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}"))),
            (2, from whole in Gen.Elements(Whole)
                from at in Gen.Choose(0, whole.Length)
                from bad in Gen.Elements<byte>(0xFF, 0xC0, 0xC3, 0xED, 0xF4, 0x80)
                select new Broken("bad UTF-8", [.. whole[..at], bad, .. whole[at..]]))));

        public static Arbitrary<Replaced> Json() => Arb.From(
            from transaction in Gen.Elements(true, false)
            let whole = transaction ? Transaction().ToJsonString() : Error().ToJsonString()
            from value in Gen.Elements(Values)
            from at in Gen.Choose(0, JsonValues(whole).Count - 1)
            let place = JsonValues(whole)[at]
            select new Replaced(
                transaction ? "transaction" : "event", whole[..place.Start.Value] + value + whole[place.End.Value..]));

        private static Gen<(int At, byte Value)> Flip(int length) =>
            from at in Gen.Choose(0, length - 1)
            from value in Gen.Choose(0, 255)
            select (at, (byte)value);

        private static byte[] Flipped(byte[] whole, IEnumerable<(int At, byte Value)> flips)
        {
            var bytes = whole.ToArray();
            foreach (var (at, value) in flips)
            {
                bytes[at] = value;
            }

            return bytes;
        }

        private static byte[] Truncated(byte[] bytes, int at) => bytes[..Math.Min(at, bytes.Length)];

        // The ranges of all values except the outermost. The JSON is ASCII, so byte and character positions are the same.
        private static List<Range> JsonValues(string json)
        {
            var reader = new Utf8JsonReader(Encoding.ASCII.GetBytes(json));
            var places = new List<Range>();
            reader.Read();
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    continue;
                }

                var end = reader;
                end.Skip();
                places.Add((int)reader.TokenStartIndex..(int)end.BytesConsumed);
            }

            return places;
        }
    }
}
