using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>The JSON of evidence in exports and in stored diagnoses: as in the API's answers, facts without a value are null.</summary>
public static class EvidenceJson
{
    public static JsonSerializerOptions Options { get; } = new(IncidentJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };
}

/// <summary>Writes a time in UTC with exactly three decimals, such as <c>2026-03-12T09:00:00.000Z</c>.</summary>
internal sealed class MillisecondTimeConverter : UtcTimeConverter
{
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
