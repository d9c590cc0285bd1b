using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>A piece of evidence, which a diagnosis can cite.</summary>
/// <param name="Id">Its id within the run.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Facts">What it says.</param>
public sealed record EvidenceItem(string Id, EvidenceKind Kind, JsonObject Facts)
{
    /// <summary>The fact by which commits and deploys are told apart.</summary>
    public const string Sha = "sha";

    /// <summary>The commits that a deploy ships.</summary>
    public const string Commits = "commits";

    /// <summary>Id and facts side by side, as it leaves.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = Id };
        foreach (var (name, fact) in Facts)
        {
            json[name] = fact?.DeepClone();
        }

        return json;
    }
}

/// <summary>Looks whether evidence says what a key wants.</summary>
public static class EvidenceMatch
{
    /// <summary>Whether a piece of evidence is what a predicate speaks of.</summary>
    /// <param name="predicate">What is wanted.</param>
    /// <param name="cited">The evidence.</param>
    /// <param name="plan">Whose commits have the roles.</param>
    public static bool Fits(this EvidencePredicate predicate, CitedEvidence cited, IncidentPlan plan) =>
        predicate.Kind == cited.Kind
        && (predicate.Role is null || ShasOf(cited.Facts).Any(sha => plan.Find(sha)?.Role == predicate.Role))
        && (predicate.Fact is null || HasFact(predicate, cited.Facts[predicate.Fact]));

    private static bool HasFact(EvidencePredicate predicate, JsonNode? fact)
    {
        if (fact is not JsonValue value)
        {
            return false;
        }

        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        double? number = value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
        return (predicate.Equal is null || text == predicate.Equal)
            && (predicate.Contains is null || text.Contains(predicate.Contains, StringComparison.Ordinal))
            && (predicate.Above is null || number > predicate.Above)
            && (predicate.Below is null || number < predicate.Below);
    }

    private static IEnumerable<string> ShasOf(JsonObject facts) =>
        facts[EvidenceItem.Sha] is JsonValue sha ? [sha.GetValue<string>()]
        : facts[EvidenceItem.Commits] is JsonArray commits ? commits.Select(commit => commit!.GetValue<string>())
        : [];
}
