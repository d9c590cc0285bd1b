using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using MockSre.Domain;
using MockSre.Domain.Incidents;

namespace MockSre.Web.Api;

/// <summary>Bodies of requests about incidents, read so that what is wrong is said.</summary>
internal static class JsonBody
{
    private const int MaxShownPath = 80;

    /// <summary>How bodies are read: names and words exactly as the schemas have them.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        Converters = { new RequestTime(), new WordConverter() },
    };

    /// <summary>Reads a body.</summary>
    /// <exception cref="IncidentRefusedException">It is not what is expected.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        try
        {
            return JsonSerializer.Deserialize<T>(body.ToArray(), Options) ?? throw Refuse("The body is null: send an object.");
        }
        catch (TimeWithoutOffsetException e)
        {
            throw new IncidentRefusedException(
                RefusalKind.Invalid, "Time without an offset", $"{PathOf(e)} has no offset from UTC. End it with Z, or with an offset such as +08:00.");
        }
        catch (UnknownWordException e)
        {
            throw Refuse($"{PathOf(e)} is one of {e.Words}.");
        }
        catch (JsonException e)
        {
            throw Refuse($"The body is not the JSON expected at {PathOf(e)}.");
        }
    }

    /// <summary>What to throw for a body that is not understood.</summary>
    public static IncidentRefusedException Refuse(string detail) => new(RefusalKind.Invalid, "Not understood", detail);

    /// <summary>A refusal as it leaves.</summary>
    public static ProblemHttpResult ToProblem(this IncidentRefusedException refused) => TypedResults.Problem(
        statusCode: refused.Kind == RefusalKind.Invalid ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict,
        title: refused.Title,
        detail: refused.Message);

    private static string PathOf(JsonException e)
    {
        var path = e.Path is { Length: > 0 } at ? at : "$";
        return path.Length <= MaxShownPath ? path : path[..MaxShownPath] + "…";
    }

    /// <summary>Refuses a time without an offset: the client's local time is not known here.</summary>
    private sealed class RequestTime : UtcTimeConverter
    {
        protected override DateTimeOffset WithoutOffset(DateTime time) => throw new TimeWithoutOffsetException();
    }

    private sealed class TimeWithoutOffsetException : JsonException;

    /// <summary>Reads a text, a number or a flag as the text that it is.</summary>
    internal sealed class ScalarAsText : JsonConverter<string?>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
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
