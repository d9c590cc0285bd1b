namespace MockSre.Domain.Incidents.Catalog;

/// <summary>The names of enumeration values in JSON.</summary>
public static class IncidentWords
{
    /// <summary>Such as <c>nothing_wrong</c> for <see cref="Verdict.NothingWrong"/>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string List<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));

    public static bool TryParse<T>(string? word, out T value)
        where T : struct, Enum
    {
        value = Enum.GetValues<T>().FirstOrDefault(value => Of(value) == word);
        return word is not null && Of(value) == word;
    }
}
