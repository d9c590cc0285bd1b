namespace MockSre.Domain.Incidents.Catalog;

/// <summary>Reads and writes enumerations as <see cref="IncidentWords"/>.</summary>
/// <remarks>The framework's converter reads <c>revert,set_config</c> as flags. This one reads a single word.</remarks>
public sealed class WordConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Word<>).MakeGenericType(typeToConvert))!;

    private sealed class Word<T> : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && IncidentWords.TryParse(reader.GetString(), out T value)
                ? value
                : throw new UnknownWordException(IncidentWords.List<T>());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(IncidentWords.Of(value));
    }
}

/// <summary>JSON has a word that is not a value of the enumeration.</summary>
/// <param name="words">The known words, separated by commas.</param>
public sealed class UnknownWordException(string words) : JsonException
{
    public string Words => words;
}
