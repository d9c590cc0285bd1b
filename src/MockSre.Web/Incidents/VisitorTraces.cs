namespace MockSre.Web.Incidents;

/// <summary>Remembers the traces of visitors, so that their signals stay out of a run's evidence.</summary>
internal sealed class VisitorTraces
{
    /// <summary>Traces that are remembered; their signals come within seconds.</summary>
    private const int Limit = 1000;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, bool> _traces = [];

    public void Add(string trace)
    {
        lock (_gate)
        {
            _traces[trace] = true;
            if (_traces.Count > Limit)
            {
                _traces.RemoveAt(0);
            }
        }
    }

    /// <summary>Whether a visitor's request caused an envelope.</summary>
    public bool Caused(SignalEntry entry) =>
        _gate.Read(() => entry.Signals.Any(signal => signal.TraceId is { } trace && _traces.ContainsKey(trace)));
}
