using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MockSre.Web.WebConsole.Incidents;

/// <summary>Reads the facts of a piece of evidence as people read them.</summary>
internal static class Facts
{
    /// <summary>A fact as text; what stands for none where there is none.</summary>
    public static string Text(this JsonNode? facts, string name) => facts?[name] switch
    {
        null => Figures.None,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    /// <summary>A fact as a number; null where there is none.</summary>
    public static double? Number(this JsonNode? facts, string name) =>
        facts?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    /// <summary>A fact as a time of day; what stands for none where there is none.</summary>
    public static string Time(this JsonNode? facts, string name) => facts?[name] is JsonValue ? Figures.Time(At(facts, name)) : Figures.None;

    /// <summary>A fact as a day and a time.</summary>
    public static string Date(this JsonNode? facts, string name) => facts?[name] is JsonValue ? Figures.Date(At(facts, name)) : Figures.None;

    /// <summary>A fact that is a list of texts.</summary>
    public static IEnumerable<string> Texts(this JsonNode? facts, string name) => Items(facts, name).Select(item => item.GetValue<string>());

    /// <summary>A fact that is a list.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? facts, string name) => facts?[name] is JsonArray items ? items.OfType<JsonNode>() : [];

    private static DateTimeOffset At(JsonNode facts, string name) => DateTimeOffset.Parse(facts.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
