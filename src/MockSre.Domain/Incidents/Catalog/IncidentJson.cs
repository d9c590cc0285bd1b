using System.Text.Json.Serialization.Metadata;
using MockSre.Domain.Fixtures;

namespace MockSre.Domain.Incidents.Catalog;

public static class IncidentJson
{
    /// <summary>For JSON that this service writes: plans, events, scores.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTimeConverter(), new WordConverter() },
    };

    /// <summary>For files that people write. A member that is unknown, missing or there twice is an error.</summary>
    public static JsonSerializerOptions Strict { get; } = new(FixtureReader.Strict)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RemoveComputed } },
        Converters = { new WordConverter() },
    };

    // A computed member in a file must be an error. Without this it is skipped.
    private static void RemoveComputed(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member.Set is null).ToList())
        {
            type.Properties.Remove(member);
        }
    }
}
