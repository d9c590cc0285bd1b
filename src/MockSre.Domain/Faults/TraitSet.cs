using System.Collections.Immutable;

namespace MockSre.Domain.Faults;

/// <summary>Values of settings: all those of a deployment, or the changes by a commit, a mode or an operator. Immutable.</summary>
[JsonConverter(typeof(TraitSetConverter))]
public sealed record TraitSet
{
    private readonly ImmutableDictionary<Setting, object> _values;

    private TraitSet(ImmutableDictionary<Setting, object> values) => _values = values;

    public static TraitSet Empty { get; } = new(ImmutableDictionary<Setting, object>.Empty);

    public bool IsEmpty => _values.IsEmpty;

    /// <summary>Whether a deployment that runs with these values has any fault.</summary>
    public bool HasFault => FaultCatalog.All.Any(fault => fault.IsIn(this));

    public IEnumerable<Setting> Settings => FaultCatalog.Settings.Where(_values.ContainsKey);

    /// <summary>Each value as a set of its own.</summary>
    public IEnumerable<TraitSet> Each => Settings.Select(setting => Empty.With(setting, _values[setting]));

    /// <summary>The value, or the healthy value if this set has none.</summary>
    public bool this[Switch setting] => (bool)ValueOf(setting);

    /// <inheritdoc cref="this[Switch]"/>
    public int this[Number setting] => (int)ValueOf(setting);

    public TimeSpan Time(Number setting) => this[setting] * setting.Unit;

    public TraitSet With(Switch setting, bool value) => With(setting, (object)value);
    public TraitSet With(Number setting, int value) => With(setting, (object)value);
    public TraitSet With(Number setting, TimeSpan value) => With(setting, setting.Of(value));

    /// <summary>These values, overridden by later ones.</summary>
    public TraitSet Then(TraitSet later) => new(_values.SetItems(later._values));

    public bool Overlaps(TraitSet other) => _values.Keys.Any(other._values.ContainsKey);

    public TraitSet WithRatesTimes(double factor) => new(_values.SetItems(
        _values.Where(pair => pair.Key.IsRate).Select(pair => KeyValuePair.Create(pair.Key, (object)(int)((int)pair.Value * factor)))));

    public bool Equals(TraitSet? other) => other is not null
        && _values.Count == other._values.Count
        && _values.All(pair => other._values.TryGetValue(pair.Key, out var value) && pair.Value.Equals(value));

    public override int GetHashCode() => _values.Aggregate(0, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value));

    public override string ToString() => string.Join(", ", Settings.Select(setting => $"{setting.Name} {_values[setting]}"));

    internal object ValueOf(Setting setting) => _values.GetValueOrDefault(setting, setting.HealthyValue);

    internal TraitSet With(Setting setting, object value) => new(_values.SetItem(setting, value));
}
