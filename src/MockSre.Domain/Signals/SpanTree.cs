namespace MockSre.Domain.Signals;

public static class SpanTree
{
    /// <summary>Every span once, in the order of a waterfall: parents before children, siblings by start. Any depth.</summary>
    /// <remarks>A span with an unknown parent is a root. So is the earliest span of a cycle of parents.</remarks>
    public static IReadOnlyList<SpanNode> Of(TransactionSignal transaction)
    {
        SignalSpan[] spans = [.. transaction.Spans.OrderBy(span => span.Started)];
        var parents = ParentsOf(spans, transaction.SpanId);
        BreakCycles(parents);

        var children = new List<int>?[spans.Length];
        var roots = new List<int>();
        for (var i = 0; i < spans.Length; i++)
        {
            (parents[i] < 0 ? roots : children[parents[i]] ??= []).Add(i);
        }

        var inOrder = new List<SpanNode>(spans.Length);
        var open = new Stack<(int Index, int Depth)>();
        Push(roots, 0);
        while (open.TryPop(out var next))
        {
            var span = spans[next.Index];
            inOrder.Add(new SpanNode(span, span.Started - transaction.Started, next.Depth));
            Push(children[next.Index] ?? [], next.Depth + 1);
        }

        return inOrder.AsReadOnly();

        void Push(List<int> indexes, int depth)
        {
            for (var i = indexes.Count - 1; i >= 0; i--)
            {
                open.Push((indexes[i], depth));
            }
        }
    }

    // The index of each span's parent, or -1.
    private static int[] ParentsOf(SignalSpan[] spans, string? root)
    {
        var byId = new Dictionary<string, int>(spans.Length);
        for (var i = 0; i < spans.Length; i++)
        {
            if (spans[i].SpanId is { } id && id != root)
            {
                byId.TryAdd(id, i);
            }
        }

        return Array.ConvertAll(spans, span => span.ParentSpanId is { } id && byId.TryGetValue(id, out var parent) ? parent : -1);
    }

    // Follows each chain of parents once. If a chain meets itself, the earliest span of the cycle (the lowest index) becomes a root.
    private static void BreakCycles(int[] parents)
    {
        var seenFrom = new int[parents.Length];
        Array.Fill(seenFrom, -1);
        for (var start = 0; start < parents.Length; start++)
        {
            var at = start;
            while (at >= 0 && seenFrom[at] < 0)
            {
                seenFrom[at] = start;
                at = parents[at];
            }

            if (at < 0 || seenFrom[at] != start)
            {
                continue;
            }

            var earliest = at;
            for (var i = parents[at]; i != at; i = parents[i])
            {
                earliest = Math.Min(earliest, i);
            }

            parents[earliest] = -1;
        }
    }
}

/// <param name="Offset">From the transaction's start to the span's; negative if their clocks disagree.</param>
/// <param name="Depth">0 for a root.</param>
public sealed record SpanNode(SignalSpan Span, TimeSpan Offset, int Depth);
