using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>How incidents are read and written.</summary>
public static class IncidentJson
{
    /// <summary>For what was written here: plans, events, scores.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTimeConverter(), new WordConverter() },
    };

    /// <summary>For files that people write: nothing unknown, nothing missing, nothing twice.</summary>
    public static JsonSerializerOptions Strict { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RemoveWorkedOut } },
        Converters = { new UtcTimeConverter(), new WordConverter() },
    };

    // A member that is worked out from others would be skipped where a file has it, instead of being unknown.
    private static void RemoveWorkedOut(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member.Set is null).ToList())
        {
            type.Properties.Remove(member);
        }
    }
}
