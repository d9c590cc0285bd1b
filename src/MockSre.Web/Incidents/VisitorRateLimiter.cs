using System.Threading.RateLimiting;
using MockSre.Domain.Faults;

namespace MockSre.Web.Incidents;

/// <summary>
/// Limits the requests of visitors: requests for profiles while an incident run is open that are not of its load. The deployed
/// code answers them in a lane of its own. They are no part of the run's evidence and change nothing that it measures.
/// </summary>
internal sealed class VisitorRateLimiter : IDisposable
{
    /// <summary>Requests under way at once, one for each connection of their lane.</summary>
    public const int Concurrency = Deployment.VisitorConnections;

    /// <summary>Requests one after the other without a pause.</summary>
    public const int Burst = 50;

    /// <summary>Requests a second in the long run.</summary>
    public const int PerSecond = 5;

    private readonly RateLimiter _limiter = RateLimiter.CreateChained(
        new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = Concurrency }),
        new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    /// <summary>Asks for a permit, which is held until the lease is disposed of.</summary>
    public RateLimitLease AttemptAcquire() => _limiter.AttemptAcquire();

    public void Dispose() => _limiter.Dispose();
}
