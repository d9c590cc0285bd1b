using System.Text.Json.Serialization.Metadata;

namespace MockSre.Web.Http;

/// <summary>Reads JSON request bodies and explains what is wrong with them.</summary>
internal static class JsonBody
{
    private const int MaxShownPath = 80;

    /// <summary>Names and enum words must match the schemas exactly.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        Converters = { new RequestTime(), new WordConverter() },
    };

    private static readonly JsonSerializerOptions WithRepeatedMembers = new(Options) { AllowDuplicateProperties = true };

    private static readonly JsonSerializerOptions WithUnknownMembers = new(Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SkipUnknownMembers } },
    };

    /// <param name="withoutBody">The value of an empty body; null if a body is required.</param>
    /// <exception cref="RefusedException">The body is missing or invalid.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, T? withoutBody = null)
        where T : class
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        if (body.Length == 0)
        {
            return withoutBody ?? throw RefusedException.NotUnderstood("The body is empty. Send a JSON object.");
        }

        var json = body.ToArray();
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options)
                ?? throw RefusedException.NotUnderstood("The body is null. Send a JSON object.");
        }
        catch (JsonException e)
        {
            throw e switch
            {
                TimeWithoutOffsetException => new RefusedException(
                    RefusalKind.Invalid, "Time without an offset",
                    $"{PathOf(e)} has no offset from UTC. End it with Z, or with an offset such as +08:00."),
                UnknownTimeException => RefusedException.NotUnderstood($"{PathOf(e)} is not a time such as 2026-11-27T10:18:36Z."),
                UnknownWordException { Words: var words } => RefusedException.NotUnderstood($"{PathOf(e)} is one of {words}."),
                _ => RefusedException.NotUnderstood(Explain<T>(json, e)),
            };
        }
    }

    private static void SkipUnknownMembers(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            type.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        }
    }

    // The exception names types of the program. Reading again with one rule off shows which rule was broken.
    private static string Explain<T>(byte[] json, JsonException e)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
        }
        catch (JsonException broken)
        {
            return $"The body is not JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.";
        }

        return !FailsAt<T>(json, WithRepeatedMembers, e.Path) ? $"{PathOf(e)} is given twice."
            : !FailsAt<T>(json, WithUnknownMembers, e.Path) ? $"{PathOf(e)} is not known here."
            : $"{PathOf(e)} has a value of another type, or outside its range.";
    }

    private static bool FailsAt<T>(byte[] json, JsonSerializerOptions options, string? path)
    {
        try
        {
            JsonSerializer.Deserialize<T>(json, options);
            return false;
        }
        catch (JsonException e)
        {
            return e.Path == path;
        }
    }

    private static string PathOf(JsonException e)
    {
        var path = e.Path is { Length: > 2 } at ? at[2..] : "The body";
        return path.Length <= MaxShownPath ? path : path[..MaxShownPath] + "…";
    }

    /// <summary>Refuses a time without an offset: the client's time zone is unknown.</summary>
    private sealed class RequestTime : UtcTimeConverter
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out _)
                ? base.Read(ref reader, typeToConvert, options)
                : throw new UnknownTimeException();

        protected override DateTimeOffset WithoutOffset(DateTime time) => throw new TimeWithoutOffsetException();
    }

    private sealed class TimeWithoutOffsetException : JsonException;

    private sealed class UnknownTimeException : JsonException;

    /// <summary>Reads a string, integer or boolean as text.</summary>
    internal sealed class ScalarAsText : JsonConverter<string?>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Null => null,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
