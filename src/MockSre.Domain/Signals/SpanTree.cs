namespace MockSre.Domain.Signals;

/// <summary>The spans of a transaction as they stand inside each other.</summary>
public static class SpanTree
{
    /// <summary>
    /// Every span once, as a waterfall shows them: each before those inside it, siblings by their start. A span whose parent is unknown stands at
    /// the root, and so does the earliest of spans that are each other's parents. No depth is too much.
    /// </summary>
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

    // Each way up is walked once: where it meets itself, the earliest span on the circle, which has the lowest index, becomes a root.
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

/// <summary>A span in its place.</summary>
/// <param name="Span">The span.</param>
/// <param name="Offset">Its start, from the start of the transaction; below zero if their clocks disagree.</param>
/// <param name="Depth">How many spans it stands in: 0 for a root.</param>
public sealed record SpanNode(SignalSpan Span, TimeSpan Offset, int Depth);
