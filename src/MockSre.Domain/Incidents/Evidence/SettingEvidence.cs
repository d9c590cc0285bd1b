using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <param name="Value">Its value now. Null if it no longer exists.</param>
/// <param name="Before">Its value when the run began. Null if it did not exist.</param>
public sealed record SettingEvidence(string Key, JsonValue? Value, JsonValue? Before) : EvidenceItem(EvidenceKind.Config, $"config:{Key}");
