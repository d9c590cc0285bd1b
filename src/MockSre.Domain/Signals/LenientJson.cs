using System.Text.Unicode;

namespace MockSre.Domain.Signals;

/// <summary>Reads JSON from outside. A value that is missing or of another kind is null or empty, never an exception.</summary>
internal static class LenientJson
{
    private static readonly IReadOnlyDictionary<string, string> NoText = new Dictionary<string, string>(0).AsReadOnly();

    /// <summary>Parses UTF-8, nested at most 64 levels. Null if it is not JSON.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            // The parser accepts invalid bytes inside a string and throws only when that string is read.
            return Utf8.IsValid(utf8.Span) ? JsonDocument.Parse(utf8) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The value at a path of property names; null if it is missing or null.</summary>
    public static JsonElement? Field(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || OrNull((element, name), Property) is not { } property)
            {
                return null;
            }

            element = property;
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    public static string? Text(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.String } text => OrNull(text, static json => json.GetString()),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => null,
    };

    public static double? Number(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Number } json && json.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    /// <summary>A whole number, also one written as a string.</summary>
    public static int? Whole(this JsonElement? element) =>
        int.TryParse(element.Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static bool? Flag(this JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    /// <summary>A time in ISO 8601 (UTC if it has no offset) or in seconds since 1970.</summary>
    public static DateTimeOffset? Time(this JsonElement? element)
    {
        switch (element)
        {
            case { ValueKind: JsonValueKind.String } text when text.TryGetDateTime(out var wall) && text.TryGetDateTimeOffset(out var time):
                return wall.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(wall, TimeSpan.Zero) : time.ToUniversalTime();
            case { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var seconds):
                // A double of today's seconds is only exact to a quarter of a microsecond.
                var first = DateTimeOffset.MinValue.ToUnixTimeSeconds();
                var last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
                return seconds >= first && seconds <= last
                    ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The objects of an array. Sentry also accepts the array as <c>{"values": [...]}</c>.</summary>
    public static IEnumerable<JsonElement> Objects(this JsonElement? element)
    {
        var list = element is { ValueKind: JsonValueKind.Object } wrapped ? wrapped.Field("values") : element;
        return list is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];
    }

    /// <summary>The first entries of an object or an array of pairs, as text. A key's last value wins. Nested values stay JSON.</summary>
    public static IReadOnlyDictionary<string, string> Texts(this JsonElement? element, int max)
    {
        var texts = element switch
        {
            { ValueKind: JsonValueKind.Object } map => map.EnumerateObject()
                .Select(entry => (Key: OrNull(entry, static json => json.Name), Value: TextOrJson(entry.Value))),
            { ValueKind: JsonValueKind.Array } pairs => pairs.EnumerateArray()
                .Where(pair => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2)
                .Select(pair => (Key: Text(pair[0]), Value: TextOrJson(pair[1]))),
            _ => [],
        };

        Dictionary<string, string>? found = null;
        foreach (var (key, value) in texts)
        {
            if (key is null || value is null)
            {
                continue;
            }

            found ??= [];
            if (found.Count < max || found.ContainsKey(key))
            {
                found[key] = value;
            }
        }

        return found?.AsReadOnly() ?? NoText;
    }

    private static string? TextOrJson(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? element.GetRawText() : Text(element);

    private static string? Text(JsonElement element) => ((JsonElement?)element).Text();

    private static JsonElement? Property((JsonElement Element, string Name) wanted) =>
        wanted.Element.TryGetProperty(wanted.Name, out var value) ? value : null;

    // Half a surrogate pair, such as \ud800, is valid JSON without a text: reading it throws. A look-up by name reads such names too.
    private static T? OrNull<TFrom, T>(TFrom from, Func<TFrom, T?> read)
    {
        try
        {
            return read(from);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
