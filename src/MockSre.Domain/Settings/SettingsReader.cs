namespace MockSre.Domain.Settings;

/// <summary>Reads variables and collects all problems.</summary>
internal sealed class SettingsReader(Func<string, string?> read)
{
    private readonly List<SettingProblem> _problems = [];

    public IReadOnlyList<SettingProblem> Problems => _problems;

    /// <param name="show">An invalid value without secrets; null if it must not be shown.</param>
    public T Parsed<T>(string variable, T fallback, TryParse<T> parse, string allowed, Func<string, string?>? show = null)
    {
        if (read(variable)?.Trim() is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        _problems.Add(new SettingProblem(variable, show is null ? text : show(text), allowed));
        return fallback;
    }

    public DatabaseUrl Database(string variable, string fallback) =>
        Parsed(variable, new DatabaseUrl(fallback), DatabaseUrl.TryParse, DatabaseUrl.Forms, DatabaseUrl.Redact);

    public bool Flag(string variable, bool fallback = false) =>
        Parsed(variable, fallback, TryFlag, "true or false (also 1, 0, yes, no, on, off)");

    public string? OneOf(string variable, IReadOnlyList<string> values) =>
        Parsed<string?>(variable, null, (string text, out string? value) => values.Contains(value = text), string.Join(", ", values));

    public int Number(string variable, int fallback, int least, int most) => Parsed(
        variable,
        fallback,
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    private static bool TryFlag(string text, out bool value)
    {
        var lower = text.ToLowerInvariant();
        value = lower is "true" or "1" or "yes" or "on";
        return value || lower is "false" or "0" or "no" or "off";
    }

    internal delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);
}
