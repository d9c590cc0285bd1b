using System.Threading.RateLimiting;

namespace MockSre.Web.Incidents;

/// <summary>
/// Limits the requests of visitors: profile requests during an incident run that are not part of its load. They have connections of their
/// own. They are not in the run's evidence and do not change what it measures.
/// </summary>
internal sealed class VisitorRateLimiter : IDisposable
{
    /// <summary>Requests at once: one for each connection of the visitors' lane.</summary>
    public const int Concurrency = Deployment.VisitorConnections;

    /// <summary>Requests without a pause.</summary>
    public const int Burst = 50;

    public const int PerSecond = 5;

    private readonly ConcurrencyLimiter _concurrency = new(new ConcurrencyLimiterOptions { PermitLimit = Concurrency });
    private readonly TokenBucketRateLimiter _rate = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = Burst,
        TokensPerPeriod = PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    });

    private readonly RateLimiter _both;

    public VisitorRateLimiter() => _both = RateLimiter.CreateChained(_concurrency, _rate);

    public RateLimitLease AttemptAcquire() => _both.AttemptAcquire();

    /// <summary>Stops the timer of the rate, which would keep the whole service in memory.</summary>
    public void Dispose()
    {
        // A chained limiter does not dispose its parts.
        _both.Dispose();
        _rate.Dispose();
        _concurrency.Dispose();
    }
}
