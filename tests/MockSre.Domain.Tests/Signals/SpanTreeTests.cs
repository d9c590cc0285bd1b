using System.Text;
using MockSre.Domain.Signals;
using static MockSre.Testing.Envelopes;

namespace MockSre.Domain.Tests.Signals;

public sealed class SpanTreeTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a<root", "a")]
    [InlineData("a< b<a c<b", "a(b(c))")]
    [InlineData("c<b b<a a<root", "a(b(c))")] // children may arrive, and start, before their parents
    [InlineData("a<root b<root c<a d<b e<a", "a(c,e),b(d)")]
    [InlineData("a<gone b<a", "a(b)")]
    [InlineData("a<a b<root", "a,b")]
    [InlineData("a<b b<a", "a(b)")]
    [InlineData("a<root x<z y<x z<y w<y", "a,x(y(z,w))")]
    [InlineData("a<root a<root b<a", "a(b),a")]
    [InlineData("root<a a<root", "a(root)")] // the transaction stays above a span with the same id
    [InlineData("< < b<", ",,b")]
    public void Of_Spans_NestsThem(string spans, string expected)
    {
        var tree = SpanTree.Of(Tree(spans));

        Assert.Equal(expected, Text(tree));
        Assert.Equal(spans.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, tree.Count);
    }

    [Fact]
    public void Of_Siblings_AreOrderedByTheirStart()
    {
        var transaction = Tree("a<root b<root c<a d<a");
        transaction = transaction with { Spans = [.. transaction.Spans.Reverse()] };

        var tree = SpanTree.Of(transaction);

        Assert.Equal([("a", 0), ("c", 1), ("d", 1), ("b", 0)], tree.Select(node => (node.Span.SpanId!, node.Depth)));
        Assert.Equal([0, 2, 3, 1], tree.Select(node => node.Offset.TotalMilliseconds));
    }

    [Fact]
    public void Of_ASpanThatStartsBeforeItsTransaction_HasANegativeOffset()
    {
        var transaction = Tree("a<root");

        var node = Assert.Single(SpanTree.Of(transaction with { Started = transaction.Started + TimeSpan.FromSeconds(1) }));

        Assert.Equal(TimeSpan.FromSeconds(-1), node.Offset);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("s99999")] // all spans form one cycle
    public void Of_AVeryDeepChain_NestsItAll(string first)
    {
        var spans = Enumerable.Range(0, 100_000).Select(i => Span($"s{i}", i == 0 ? first : $"s{i - 1}", i)).Reverse().ToArray();

        var tree = SpanTree.Of(Tree("") with { Spans = spans });

        Assert.Equal(spans.Length, tree.Count);
        Assert.Equal(("s0", 0), (tree[0].Span.SpanId, tree[0].Depth));
        Assert.Equal(("s99999", 99_999), (tree[^1].Span.SpanId, tree[^1].Depth));
    }

    // "a<b" is a span a with the parent b. Each span starts a millisecond after the previous one.
    private static TransactionSignal Tree(string spans) => new()
    {
        At = At,
        Started = At,
        Duration = TimeSpan.FromSeconds(1),
        SpanId = "root",
        Spans =
        [
            .. spans.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('<'))
                .Select((pair, i) => Span(pair[0].Length == 0 ? null : pair[0], pair[1].Length == 0 ? null : pair[1], i)),
        ],
    };

    private static SignalSpan Span(string? id, string? parent, int ms) =>
        new(id, parent, "op", null, null, At + TimeSpan.FromMilliseconds(ms), TimeSpan.Zero, new Dictionary<string, string>());

    private static string Text(IReadOnlyList<SpanNode> tree)
    {
        var text = new StringBuilder();
        for (var i = 0; i < tree.Count; i++)
        {
            var deeper = tree[i].Depth - (i == 0 ? 0 : tree[i - 1].Depth);
            text.Append(i == 0 ? "" : deeper > 0 ? new string('(', deeper) : new string(')', -deeper) + ",").Append(tree[i].Span.SpanId);
        }

        return text.Append(')', tree.Count == 0 ? 0 : tree[^1].Depth).ToString();
    }
}
