namespace MockSre.Domain;

/// <summary>Writes times in UTC with a <c>Z</c> and no trailing zeros, as Go prints RFC 3339.</summary>
/// <remarks>Reads a time without an offset as UTC, never as local time.</remarks>
public class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTime() is { Kind: DateTimeKind.Unspecified } time ? WithoutOffset(time) : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    /// <summary>Reads a time that has no offset.</summary>
    protected virtual DateTimeOffset WithoutOffset(DateTime time) => new(time, TimeSpan.Zero);
}

/// <summary>Writes a time in UTC with exactly three decimals, such as <c>2026-03-12T09:00:00.000Z</c>.</summary>
internal sealed class MillisecondTimeConverter : UtcTimeConverter
{
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
