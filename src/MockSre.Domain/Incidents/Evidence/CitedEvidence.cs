using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>A piece of evidence as it was when it was cited.</summary>
/// <param name="Facts">By their JSON names.</param>
/// <remarks>
/// Stored as JSON: databases and answer keys name facts by their JSON names, and a database may be older than the records.
/// No other class reads evidence as JSON.
/// </remarks>
public sealed record CitedEvidence(string Id, EvidenceKind Kind, JsonObject Facts)
{
    public static CitedEvidence Of(EvidenceItem item)
    {
        var facts = JsonSerializer.SerializeToNode(item, item.GetType(), EvidenceJson.Options)!.AsObject();
        facts.Remove("id");
        return new CitedEvidence(item.Id, item.Kind, facts);
    }

    public bool Matches(EvidencePredicate wanted, IncidentPlan plan) =>
        wanted.Kind == Kind
        && (wanted.Role is null || Commits.Any(sha => plan.Find(sha)?.Role == wanted.Role))
        && (wanted.Fact is null || (Facts[wanted.Fact] is JsonValue fact && Matches(wanted, fact)));

    // A commit is told by its own SHA, a deploy by the commits that it shipped.
    private IEnumerable<string> Commits =>
        Facts["sha"] is JsonValue sha ? [sha.GetValue<string>()]
        : Facts["commits"] is JsonArray commits ? commits.Select(commit => commit!.GetValue<string>())
        : [];

    private static bool Matches(EvidencePredicate wanted, JsonValue fact)
    {
        var text = fact.GetValueKind() == JsonValueKind.String ? fact.GetValue<string>() : fact.ToJsonString();
        double? number = fact.GetValueKind() == JsonValueKind.Number ? double.Parse(text, CultureInfo.InvariantCulture) : null;
        return (wanted.Equal is null || text == wanted.Equal)
            && (wanted.Contains is null || text.Contains(wanted.Contains, StringComparison.Ordinal))
            && (wanted.Above is null || number > wanted.Above)
            && (wanted.Below is null || number < wanted.Below);
    }
}
