namespace MockSre.Domain.Signals;

public static class SpanTree
{
    private const int NoParent = -1;

    /// <summary>Every span once, in the order of a waterfall: parents before children, siblings by start. Any depth.</summary>
    /// <remarks>A span with an unknown parent is a root. So is the earliest span of a cycle of parents.</remarks>
    public static IReadOnlyList<SpanNode> Of(TransactionSignal transaction)
    {
        SignalSpan[] spans = [.. transaction.Spans.OrderBy(span => span.Started)];
        var parents = ParentsOf(spans, transaction.SpanId);
        BreakCycles(parents);

        var children = Enumerable.Range(0, spans.Length).ToLookup(i => parents[i]);
        var inOrder = new List<SpanNode>(spans.Length);
        var open = new Stack<(int Index, int Depth)>();
        PushChildren(NoParent, 0);
        while (open.TryPop(out var next))
        {
            var span = spans[next.Index];
            inOrder.Add(new SpanNode(span, span.Started - transaction.Started, next.Depth));
            PushChildren(next.Index, next.Depth + 1);
        }

        return inOrder.AsReadOnly();

        void PushChildren(int parent, int depth)
        {
            foreach (var child in children[parent].Reverse())
            {
                open.Push((child, depth));
            }
        }
    }

    // The index of each span's parent.
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

        return Array.ConvertAll(spans, span => span.ParentSpanId is { } id && byId.TryGetValue(id, out var parent) ? parent : NoParent);
    }

    // A span that is its own ancestor becomes a root. Spans are in order of start, so the loop meets the earliest of a cycle first.
    // The steps are limited, because the ancestors of a span may form a cycle without it. That is quadratic at worst, and short: the
    // reader keeps at most SignalReader.MaxSpans spans of an event.
    private static void BreakCycles(int[] parents)
    {
        for (var start = 0; start < parents.Length; start++)
        {
            var at = parents[start];
            for (var steps = 1; steps < parents.Length && at != NoParent && at != start; steps++)
            {
                at = parents[at];
            }

            parents[start] = at == start ? NoParent : parents[start];
        }
    }
}

/// <param name="Offset">From the transaction's start to the span's; negative if their clocks disagree.</param>
/// <param name="Depth">0 for a root.</param>
public sealed record SpanNode(SignalSpan Span, TimeSpan Offset, int Depth);
