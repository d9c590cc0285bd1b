using System.Text.Json;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>The words of enumerations as the API has them.</summary>
public static class IncidentWords
{
    /// <summary>Such as <c>nothing_wrong</c> for <see cref="Verdict.NothingWrong"/>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>All words of a kind as a phrase for messages.</summary>
    public static string List<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));

    /// <summary>Finds the value of a word.</summary>
    public static bool TryParse<T>(string? word, out T value)
        where T : struct, Enum
    {
        value = Enum.GetValues<T>().FirstOrDefault(value => Of(value) == word);
        return word is not null && Of(value) == word;
    }
}
