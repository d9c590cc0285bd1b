using System.Globalization;
using System.Text.Json.Nodes;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>The settings of a run: what they are called, what they are now, and what they may be set to.</summary>
public static class ServiceConfig
{
    /// <summary>Connections at once.</summary>
    public const string PoolLimit = "db_pool_limit";

    /// <summary>How long a request waits for one, in milliseconds.</summary>
    public const string PoolTimeout = "db_pool_timeout_ms";

    /// <summary>How long a profile stays in the cache, in milliseconds; there is no such setting where there is no cache.</summary>
    public const string CacheLifetime = "profile_cache_ttl_ms";

    private const string DisableCache = "disable_cache";
    private const string EnableSlowQuery = "enable_slow_query";
    private const string InjectTimeouts = "inject_timeout_errors";
    private const int MaxCacheLifetimeMs = 3_600_000;

    /// <summary>The settings in effect, by name.</summary>
    /// <param name="plan">Of which run.</param>
    /// <param name="traits">What is in force.</param>
    public static IReadOnlyDictionary<string, JsonValue> Of(IncidentPlan plan, Traits traits)
    {
        var config = new OrderedDictionary<string, JsonValue>
        {
            [PoolLimit] = JsonValue.Create(traits.PoolLimit),
            [PoolTimeout] = JsonValue.Create((int)traits.PoolTimeout.TotalMilliseconds),
        };
        if (traits.CacheEnabled)
        {
            config[CacheLifetime] = JsonValue.Create((int)traits.CacheLifetime.TotalMilliseconds);
        }

        if (!plan.IsBlind)
        {
            config[DisableCache] = JsonValue.Create(!traits.CacheEnabled);
            config[EnableSlowQuery] = JsonValue.Create(traits.FullScan);
            config[InjectTimeouts] = JsonValue.Create(traits.InjectTimeouts);
        }

        return config;
    }

    /// <summary>What setting one of them changes.</summary>
    /// <param name="plan">Of which run.</param>
    /// <param name="traits">What is in force.</param>
    /// <param name="name">The setting.</param>
    /// <param name="value">Its value, as text.</param>
    /// <exception cref="IncidentRefusedException">There is no such setting, or it cannot have that value.</exception>
    public static TraitChanges Change(IncidentPlan plan, Traits traits, string? name, string? value)
    {
        var names = Of(plan, traits).Keys;
        if (name is null || !names.Contains(name))
        {
            throw new IncidentRefusedException(RefusalKind.Invalid, "Unknown setting", $"target must be one of {string.Join(", ", names)}.");
        }

        return name switch
        {
            PoolLimit => new TraitChanges { PoolLimit = Number(name, value, 1, ServiceSettings.MaxPoolLimit) },
            PoolTimeout => new TraitChanges { PoolTimeoutMs = Number(name, value, 1, ServiceSettings.MaxPoolTimeoutMs) },
            CacheLifetime => new TraitChanges { CacheLifetimeMs = Number(name, value, 1, MaxCacheLifetimeMs) },
            DisableCache => new TraitChanges { CacheEnabled = !Flag(name, value) },
            EnableSlowQuery => new TraitChanges { FullScan = Flag(name, value) },
            _ => new TraitChanges { InjectTimeouts = Flag(name, value) },
        };
    }

    private static int Number(string name, string? text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new IncidentRefusedException(RefusalKind.Invalid, "Not a value", $"{name} is a whole number from {least} to {most}.");

    private static bool Flag(string name, string? text) =>
        text is "true" or "false" ? text == "true" : throw new IncidentRefusedException(RefusalKind.Invalid, "Not a value", $"{name} is true or false.");
}
