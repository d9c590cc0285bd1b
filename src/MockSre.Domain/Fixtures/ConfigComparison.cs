using System.Text.Json;

namespace MockSre.Domain.Fixtures;

/// <summary>One variable in two snapshots.</summary>
/// <param name="Name">The variable in lower case.</param>
/// <param name="Then">Its value in the first, as JSON.</param>
/// <param name="Now">Its value in the second, as JSON.</param>
/// <param name="Differs">Whether the two differ; the times of capture always do, and do not count.</param>
public sealed record ConfigDifference(string Name, string Then, string Now, bool Differs);

/// <summary>Compares two configurations, variable by variable.</summary>
public static class ConfigComparison
{
    private const string CapturedAt = "captured_at";

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Every variable, in the order of <see cref="ConfigSnapshot"/>.</summary>
    public static IReadOnlyList<ConfigDifference> Of(ConfigSnapshot then, ConfigSnapshot now) =>
    [
        .. JsonSerializer.SerializeToElement(then, SnakeCase).EnumerateObject()
            .Zip(JsonSerializer.SerializeToElement(now, SnakeCase).EnumerateObject(), (before, after) => new ConfigDifference(
                before.Name,
                Text(before.Value),
                Text(after.Value),
                before.Name != CapturedAt && Text(before.Value) != Text(after.Value))),
    ];

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
