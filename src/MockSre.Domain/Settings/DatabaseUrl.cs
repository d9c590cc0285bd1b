namespace MockSre.Domain.Settings;

/// <summary>A SQLite database, from a URL in SQLAlchemy's form.</summary>
/// <param name="FilePath">Absolute or relative to the working directory; null for a database in memory.</param>
public sealed record DatabaseUrl(string? FilePath)
{
    public const string Forms =
        "sqlite:///relative.db, sqlite:////absolute.db, or sqlite:// and sqlite:///:memory: for a database in memory";

    private const string Scheme = "sqlite:";
    private const string FilePrefix = "sqlite:///";

    /// <summary>A private database that lives as long as the process.</summary>
    public static DatabaseUrl InMemory { get; } = new((string?)null);

    public bool IsInMemory => FilePath is null;

    /// <summary>The URL without the directories of an absolute path, which are private.</summary>
    public string Shown => FilePath switch
    {
        null => "sqlite://",
        ['/', ..] => $"{FilePrefix}/…/{Path.GetFileName(FilePath)}",
        _ => FilePrefix + FilePath,
    };

    public static bool TryParse(string text, [NotNullWhen(true)] out DatabaseUrl? url)
    {
        url = text switch
        {
            "sqlite://" or "sqlite:///:memory:" => InMemory,
            _ when text.StartsWith(FilePrefix, StringComparison.Ordinal) && IsFile(text[FilePrefix.Length..]) =>
                new DatabaseUrl(text[FilePrefix.Length..]),
            _ => null,
        };
        return url is not null;
    }

    /// <summary>An invalid URL for an error message. Only the scheme of other databases is kept: the rest may have a password.</summary>
    internal static string Redact(string text)
    {
        if (text.StartsWith(Scheme, StringComparison.Ordinal) && !text.Contains('@', StringComparison.Ordinal))
        {
            var options = text.IndexOf('?', StringComparison.Ordinal);
            return options < 0 ? text : text[..(options + 1)] + "…";
        }

        // Text before a colon need not be a scheme: "Password=…;Server=tcp:…" has a colon too.
        var scheme = text.Split(':')[0];
        return scheme.Length < text.Length && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')
            ? scheme + ":…"
            : "…";
    }

    // A question mark begins options of the Python driver, which are not supported.
    private static bool IsFile(string path) =>
        path.Length > 0 && !path.EndsWith('/') && !path.StartsWith(':') && !path.Contains('?', StringComparison.Ordinal)
        && !path.Any(char.IsControl);
}
