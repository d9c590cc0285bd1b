namespace MockSre.Domain.Traffic;

/// <summary>Counts the requests of one window and their failures by kind. Not safe for threads.</summary>
public sealed class FailureTally
{
    /// <summary>The most kinds of failure counted one by one. Further kinds are counted together.</summary>
    public const int MaxKinds = 5;

    private readonly LatencyHistogram _latency = new();
    private readonly Dictionary<string, long> _kinds = [];
    private long _otherKinds;

    /// <param name="kind">The kind of failure; null for a request that did not fail.</param>
    public void Record(TimeSpan latency, string? kind)
    {
        _latency.Record(latency);
        if (kind is null)
        {
            return;
        }

        if (_kinds.Count < MaxKinds || _kinds.ContainsKey(kind))
        {
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        }
        else
        {
            _otherKinds++;
        }
    }

    /// <summary>Returns the figures of the window and starts the next.</summary>
    public FailureFigures Take()
    {
        var figures = new FailureFigures(
            _latency.Count,
            [.. _kinds.OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal)],
            _otherKinds,
            _latency.Percentiles()?.P95Ms);
        _latency.Clear();
        _kinds.Clear();
        _otherKinds = 0;
        return figures;
    }
}

/// <param name="Kinds">Failures by kind, the most frequent first.</param>
/// <param name="OtherKinds">Failures of kinds beyond <see cref="FailureTally.MaxKinds"/>.</param>
/// <param name="P95Ms">95th percentile of all latencies, in milliseconds; null without requests.</param>
public sealed record FailureFigures(long Requests, IReadOnlyList<KeyValuePair<string, long>> Kinds, long OtherKinds, double? P95Ms)
{
    public long Failed => Kinds.Sum(kind => kind.Value) + OtherKinds;
}
