using System.Text.Json.Nodes;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>The configuration of the service as an investigator sees and changes it.</summary>
public static class ServiceConfig
{
    /// <summary>The settings in effect by name. Settings of every service come first.</summary>
    public static IReadOnlyDictionary<string, JsonValue> Of(IncidentPlan plan, TraitSet traits) => new OrderedDictionary<string, JsonValue>(
        Shown(plan, traits).Select(setting => KeyValuePair.Create(setting.Key!, setting.ToConfig(traits))));

    /// <summary>The change that <c>set_config</c> makes.</summary>
    /// <exception cref="RefusedException">There is no such setting, or it does not take the value.</exception>
    public static TraitSet Change(IncidentPlan plan, TraitSet traits, string? name, string? value)
    {
        var shown = Shown(plan, traits).ToList();
        var setting = shown.Find(setting => setting.Key == name) ?? throw new RefusedException(
            RefusalKind.Invalid, "Unknown setting", $"target must be one of {string.Join(", ", shown.Select(setting => setting.Key))}.");
        return setting.FromConfig(value)
            ?? throw new RefusedException(RefusalKind.Invalid, "Not a value", $"{name} is {setting.Allowed}.");
    }

    private static IEnumerable<Setting> Shown(IncidentPlan plan, TraitSet traits) => FaultCatalog.Settings
        .Where(setting => setting.Key is not null
            && !(plan.IsBlind && setting.IsHiddenWhenBlind)
            && (setting.NeedsSwitch is not { } needed || traits[needed]))
        .OrderBy(setting => setting.IsHiddenWhenBlind);
}
