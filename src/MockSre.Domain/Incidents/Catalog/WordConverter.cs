using System.Text.Json;
using System.Text.Json.Serialization;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>
/// Reads and writes enumerations as <see cref="IncidentWords"/>. It reads a single word, exactly as it is written.
/// The framework's converter would read <c>revert,set_config</c> as flags and make a third value of both.
/// </summary>
public sealed class WordConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    /// <inheritdoc/>
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

/// <summary>JSON has an unknown word where one of an enumeration is expected.</summary>
/// <param name="words">The known words, as a phrase.</param>
public sealed class UnknownWordException(string words) : JsonException
{
    /// <summary>The known words, as a phrase.</summary>
    public string Words => words;
}
