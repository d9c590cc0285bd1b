namespace MockSre.Domain.Fixtures;

/// <param name="Then">JSON, but a string without quotes.</param>
/// <param name="Now">JSON, but a string without quotes.</param>
/// <param name="Differs">Always false for the time of capture.</param>
public sealed record ConfigDifference(string Name, string Then, string Now, bool Differs);

public static class ConfigComparison
{
    private const string CapturedAt = "captured_at";

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>All variables, in the order of <see cref="ConfigSnapshot"/>.</summary>
    public static IReadOnlyList<ConfigDifference> Of(ConfigSnapshot then, ConfigSnapshot now) =>
    [
        .. JsonSerializer.SerializeToElement(then, SnakeCase).EnumerateObject()
            .Zip(JsonSerializer.SerializeToElement(now, SnakeCase).EnumerateObject(), (before, after) => new ConfigDifference(
                before.Name, Text(before.Value), Text(after.Value), before.Name != CapturedAt && Text(before.Value) != Text(after.Value))),
    ];

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
