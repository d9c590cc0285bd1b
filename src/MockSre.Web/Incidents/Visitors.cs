using System.Threading.RateLimiting;
using MockSre.Domain.Signals;

namespace MockSre.Web.Incidents;

/// <summary>
/// Requests for profiles while an incident run is open that are not of its load: answered by what is deployed, but few at a time, so that they neither break
/// nor repair it, and no part of its evidence.
/// </summary>
internal sealed class Visitors : IDisposable
{
    /// <summary>Requests at once, after a pause.</summary>
    public const int Burst = 50;

    /// <summary>Requests a second in the long run.</summary>
    public const int PerSecond = 5;

    /// <summary>Traces that are remembered; their signals come within seconds.</summary>
    private const int Remembered = 1000;

    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = Burst,
        TokensPerPeriod = PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    });

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, bool> _traces = [];

    /// <summary>Whether one more may be answered now.</summary>
    public bool TryEnter()
    {
        using var permit = _limiter.AttemptAcquire();
        return permit.IsAcquired;
    }

    /// <summary>One of these traces has begun.</summary>
    public void Remember(string trace)
    {
        lock (_gate)
        {
            _traces[trace] = true;
            if (_traces.Count > Remembered)
            {
                _traces.RemoveAt(0);
            }
        }
    }

    /// <summary>Whether an envelope is of one of their requests.</summary>
    public bool Told(SignalEntry entry)
    {
        lock (_gate)
        {
            return entry.Signals.Any(signal => signal.TraceId is { } trace && _traces.ContainsKey(trace));
        }
    }

    public void Dispose() => _limiter.Dispose();
}
