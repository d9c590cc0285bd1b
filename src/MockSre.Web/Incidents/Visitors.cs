using System.Threading.RateLimiting;
using MockSre.Domain.Faults;
using MockSre.Domain.Signals;

namespace MockSre.Web.Incidents;

/// <summary>
/// Requests for profiles while an incident run is open that are not of its load. The deployed code answers them in a lane of its own, a few at a time. They are
/// no part of the run's evidence and change nothing that it measures.
/// </summary>
internal sealed class Visitors : IDisposable
{
    /// <summary>Requests under way at once, one for each connection of their lane.</summary>
    public const int AtOnce = Deployment.VisitorConnections;

    /// <summary>Requests one after the other without a pause.</summary>
    public const int Burst = 50;

    /// <summary>Requests a second in the long run.</summary>
    public const int PerSecond = 5;

    /// <summary>Traces that are remembered; their signals come within seconds.</summary>
    private const int Remembered = 1000;

    private readonly RateLimiter _limiter = RateLimiter.CreateChained(
        new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = AtOnce }),
        new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, bool> _traces = [];

    /// <summary>Asks for a place, which is kept until the lease is disposed of.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

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
