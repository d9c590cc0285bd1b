namespace MockSre.Domain.Faults;

/// <summary>Reads and writes traits as an object. The setting <c>export.leases</c> is <c>"export": { "leases": 2 }</c>.</summary>
public sealed class TraitSetConverter : JsonConverter<TraitSet>
{
    public override TraitSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadGroup(ref reader, "");

    public override void Write(Utf8JsonWriter writer, TraitSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var group in value.Settings.GroupBy(setting => Split(setting).Group))
        {
            if (group.Key.Length > 0)
            {
                writer.WriteStartObject(group.Key);
            }

            foreach (var setting in group)
            {
                writer.WritePropertyName(Split(setting).Name);
                setting.Write(writer, value.ValueOf(setting));
            }

            if (group.Key.Length > 0)
            {
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The group of a setting and its name within the group. The group is empty for most.</summary>
    public static (string Group, string Name) Split(Setting setting)
    {
        var dot = setting.Name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? ("", setting.Name) : (setting.Name[..dot], setting.Name[(dot + 1)..]);
    }

    private static TraitSet ReadGroup(ref Utf8JsonReader reader, string prefix)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Traits are an object.");
        }

        var traits = TraitSet.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = prefix + reader.GetString();
            reader.Read();
            if (FaultCatalog.Find(name) is { } setting)
            {
                traits = traits.Settings.Contains(setting)
                    ? throw new JsonException($"{name} is given twice.")
                    : traits.With(setting, setting.Read(ref reader));
            }
            else
            {
                traits = reader.TokenType == JsonTokenType.StartObject && prefix.Length == 0
                    ? traits.Then(ReadGroup(ref reader, name + "."))
                    : throw new JsonException($"There is no setting {name}.");
            }
        }

        return traits;
    }
}
