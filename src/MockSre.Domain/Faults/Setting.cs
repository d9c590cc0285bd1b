using System.Text.Json.Nodes;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Faults;

/// <summary>A value of the running service that a mode, a commit or an operator can change.</summary>
public abstract class Setting(string name)
{
    /// <summary>The name in scenarios, commits and answer keys, in snake_case. A dot groups them: <c>export.leases</c>.</summary>
    public string Name { get; } = name;

    public required string Description { get; init; }

    /// <summary>The name in evidence, <c>set_config</c> and the config snapshot. Null for a value outside the configuration.</summary>
    public string? Key { get; init; }

    /// <summary>Whether a blind run leaves it out of the configuration, because its name would give a fault away.</summary>
    public bool IsHiddenWhenBlind { get; init; }

    /// <summary>Whether the value is a rate per second, which a faster pace multiplies.</summary>
    public bool IsRate { get; init; }

    /// <summary>The switch without which the configuration does not have this setting; null if it always does.</summary>
    public Switch? NeedsSwitch { get; init; }

    /// <summary>The allowed values, such as "a whole number from 1 to 100".</summary>
    public abstract string Allowed { get; }

    internal abstract object HealthyValue { get; }

    internal abstract object? ConfiguredValue(ServiceSettings settings, FaultTimings timings);

    /// <summary>Reads a value from a scenario or a commit.</summary>
    /// <exception cref="JsonException">The value has another type.</exception>
    internal abstract object Read(ref Utf8JsonReader reader);

    internal abstract void Write(Utf8JsonWriter writer, object value);

    internal abstract bool Allows(object value);

    public abstract JsonValue ToConfig(TraitSet traits);

    /// <summary>The change that a value from the configuration makes; null if the value is not allowed.</summary>
    public abstract TraitSet? FromConfig(string? text);
}

public sealed class Switch(string name, bool healthy) : Setting(name)
{
    /// <summary>Whether the configuration says the opposite, such as <c>disable_cache</c> for a cache that is on.</summary>
    public bool IsKeyInverted { get; init; }

    public bool Healthy => healthy;

    /// <summary>The value that the environment gives; null where it says nothing.</summary>
    public Func<ServiceSettings, bool>? Configured { get; init; }

    public override string Allowed => "true or false";

    public override JsonValue ToConfig(TraitSet traits) => JsonValue.Create(traits[this] != IsKeyInverted);

    public override TraitSet? FromConfig(string? text) =>
        text is "true" or "false" ? TraitSet.Empty.With(this, (text == "true") != IsKeyInverted) : null;

    internal override object HealthyValue => healthy;

    internal override object? ConfiguredValue(ServiceSettings settings, FaultTimings timings) => Configured?.Invoke(settings);

    internal override object Read(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw new JsonException($"{Name} must be {Allowed}");

    internal override void Write(Utf8JsonWriter writer, object value) => writer.WriteBooleanValue((bool)value);
    internal override bool Allows(object value) => value is bool;
}

public sealed class Number(string name, int healthy, int least, int most) : Setting(name)
{
    /// <summary>The unit of a time, such as a millisecond for <c>pool_timeout_ms</c>.</summary>
    public TimeSpan Unit { get; init; }

    public int Healthy => healthy;
    public int Least => least;
    public int Most => most;

    /// <inheritdoc cref="Switch.Configured"/>
    public Func<ServiceSettings, FaultTimings, int>? Configured { get; init; }

    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");

    public override JsonValue ToConfig(TraitSet traits) => JsonValue.Create(traits[this]);

    public override TraitSet? FromConfig(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Allows(value)
            ? TraitSet.Empty.With(this, value)
            : null;

    public int Of(TimeSpan time) => (int)(time / Unit);

    internal override object HealthyValue => healthy;

    internal override object? ConfiguredValue(ServiceSettings settings, FaultTimings timings) => Configured?.Invoke(settings, timings);

    internal override object Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
            ? value
            : throw new JsonException($"{Name} must be {Allowed}");

    internal override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue((int)value);
    internal override bool Allows(object value) => value is int number && number >= least && number <= most;
}
