using Microsoft.Extensions.Caching.Memory;

namespace MockSre.Domain.Profiles;

/// <summary>Reads profiles from the cache, if there is one, or else over a pooled connection from the store.</summary>
/// <param name="cache">Holds profiles between requests; null for no cache.</param>
/// <param name="deadline">How long a request runs before it is given up; null for no limit.</param>
public sealed class ProfileService(
    ProfileQuery query, ConnectionPool pool, IMemoryCache? cache, TimeSpan? cacheLifetime, TimeSpan? deadline, TimeProvider time)
{
    /// <summary>Profiles the cache holds at most.</summary>
    public const int CacheSizeLimit = 1000;

    private readonly MemoryCacheEntryOptions _cached = new() { Size = 1, AbsoluteExpirationRelativeToNow = cacheLifetime };

    /// <summary>Reads one profile.</summary>
    /// <param name="userId">The user, from 1.</param>
    /// <returns>Null for an unknown user, which is not cached.</returns>
    /// <exception cref="PoolTimeoutException">No connection became free in time.</exception>
    /// <exception cref="ProfileDeadlineException">The request was given up.</exception>
    public async ValueTask<UserProfile?> ReadAsync(int userId, IProfileTelemetry telemetry, CancellationToken cancellationToken)
    {
        var profile = LookUp(userId, telemetry);
        if (deadline is { } limit)
        {
            await GiveUpAfterAsync(limit, cancellationToken).ConfigureAwait(false);
        }

        if (profile is null)
        {
            profile = await ReadFromDatabaseAsync(userId, telemetry, cancellationToken).ConfigureAwait(false);
            if (profile is not null)
            {
                cache?.Set(userId, profile, _cached);
            }
        }

        return profile;
    }

    private UserProfile? LookUp(int userId, IProfileTelemetry telemetry)
    {
        if (cache is null)
        {
            telemetry.CacheAnswered(CacheOutcome.Bypass);
            return null;
        }

        telemetry.CacheAsked();
        var profile = cache.Get<UserProfile>(userId);
        telemetry.CacheAnswered(profile is null ? CacheOutcome.Miss : CacheOutcome.Hit);
        return profile;
    }

    private async Task<UserProfile?> ReadFromDatabaseAsync(int userId, IProfileTelemetry telemetry, CancellationToken cancellationToken)
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"profile {userId}");
        telemetry.ConnectionNeeded();
        var acquiring = pool.AcquireAsync(owner, cancellationToken);
        if (!acquiring.IsCompleted)
        {
            telemetry.ConnectionAwaited(pool);
        }

        using var lease = await acquiring.ConfigureAwait(false);
        telemetry.ConnectionLeased(pool);
        telemetry.DatabaseReadStarting();
        return await query(lease.Connection, userId, cancellationToken).ConfigureAwait(false);
    }

    private async Task GiveUpAfterAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await Task.Delay(limit, time, cancellationToken).ConfigureAwait(false);
        throw new ProfileDeadlineException(limit);
    }
}
