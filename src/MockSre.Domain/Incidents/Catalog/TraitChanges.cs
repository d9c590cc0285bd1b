using System.Text.Json.Serialization;
using MockSre.Domain.Faults;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>Changes of traits by a commit or a setting. A null member stays as it is.</summary>
public sealed record TraitChanges
{
    /// <summary>Nothing.</summary>
    public static TraitChanges None { get; } = new();

    /// <inheritdoc cref="Traits.CacheEnabled"/>
    public bool? CacheEnabled { get; init; }

    /// <summary>How long a profile stays in the cache, in milliseconds.</summary>
    public int? CacheLifetimeMs { get; init; }

    /// <inheritdoc cref="Traits.FullScan"/>
    public bool? FullScan { get; init; }

    /// <inheritdoc cref="Traits.PoolLimit"/>
    public int? PoolLimit { get; init; }

    /// <summary>How long a request waits for a connection, in milliseconds.</summary>
    public int? PoolTimeoutMs { get; init; }

    /// <inheritdoc cref="Traits.InjectTimeouts"/>
    public bool? InjectTimeouts { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    [JsonIgnore]
    public bool AreNone => this == None;

    /// <summary>These, and others after them.</summary>
    public TraitChanges Then(TraitChanges later) => new()
    {
        CacheEnabled = later.CacheEnabled ?? CacheEnabled,
        CacheLifetimeMs = later.CacheLifetimeMs ?? CacheLifetimeMs,
        FullScan = later.FullScan ?? FullScan,
        PoolLimit = later.PoolLimit ?? PoolLimit,
        PoolTimeoutMs = later.PoolTimeoutMs ?? PoolTimeoutMs,
        InjectTimeouts = later.InjectTimeouts ?? InjectTimeouts,
    };

    /// <summary>Traits with these changes.</summary>
    public Traits ApplyTo(Traits traits) => traits with
    {
        CacheEnabled = CacheEnabled ?? traits.CacheEnabled,
        CacheLifetime = CacheLifetimeMs is { } lifetime ? TimeSpan.FromMilliseconds(lifetime) : traits.CacheLifetime,
        FullScan = FullScan ?? traits.FullScan,
        PoolLimit = PoolLimit ?? traits.PoolLimit,
        PoolTimeout = PoolTimeoutMs is { } timeout ? TimeSpan.FromMilliseconds(timeout) : traits.PoolTimeout,
        InjectTimeouts = InjectTimeouts ?? traits.InjectTimeouts,
    };

    /// <summary>Each thing that changes, by itself.</summary>
    public IEnumerable<TraitChanges> Each() => new[]
    {
        None with { CacheEnabled = CacheEnabled },
        None with { CacheLifetimeMs = CacheLifetimeMs },
        None with { FullScan = FullScan },
        None with { PoolLimit = PoolLimit },
        None with { PoolTimeoutMs = PoolTimeoutMs },
        None with { InjectTimeouts = InjectTimeouts },
    }.Where(change => !change.AreNone);

    /// <summary>Whether it changes something that another one changes too.</summary>
    public bool Touches(TraitChanges other) =>
        (CacheEnabled is not null && other.CacheEnabled is not null)
        || (CacheLifetimeMs is not null && other.CacheLifetimeMs is not null)
        || (FullScan is not null && other.FullScan is not null)
        || (PoolLimit is not null && other.PoolLimit is not null)
        || (PoolTimeoutMs is not null && other.PoolTimeoutMs is not null)
        || (InjectTimeouts is not null && other.InjectTimeouts is not null);
}
