using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>The JSON of evidence in exports and in stored diagnoses: as in the API's answers, facts without a value are null.</summary>
public static class EvidenceJson
{
    public static JsonSerializerOptions Options { get; } = new(IncidentJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };
}
