using System.Diagnostics.CodeAnalysis;

namespace MockSre.Domain.Settings;

/// <summary>Where the profiles are kept, from a database URL as SQLAlchemy writes them for SQLite.</summary>
/// <param name="FilePath">The database file, relative to the working directory or absolute; null for a database in memory.</param>
public sealed record DatabaseUrl(string? FilePath)
{
    /// <summary>The forms that are understood, as a phrase for an error message.</summary>
    public const string Forms =
        "sqlite:///relative.db, sqlite:////absolute.db, or sqlite:// and sqlite:///:memory: for a database in memory";

    private const string Scheme = "sqlite:";
    private const string FilePrefix = "sqlite:///";

    /// <summary>A private database that lives as long as the process.</summary>
    public static DatabaseUrl InMemory { get; } = new((string?)null);

    /// <summary>Whether nothing is written to disk.</summary>
    public bool IsInMemory => FilePath is null;

    /// <summary>The URL as it may be shown: of an absolute path the file's name alone, since the rest names this machine's directories.</summary>
    public string Shown => FilePath switch
    {
        null => "sqlite://",
        ['/', ..] => $"{FilePrefix}/…/{Path.GetFileName(FilePath)}",
        _ => FilePrefix + FilePath,
    };

    /// <summary>Reads a database URL.</summary>
    /// <returns>False for every form other than those of <see cref="Forms"/>.</returns>
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

    /// <summary>A refused URL as it may be shown: of other databases the scheme alone, since the rest may hold a password.</summary>
    internal static string Redact(string text)
    {
        if (text.StartsWith(Scheme, StringComparison.Ordinal) && !text.Contains('@', StringComparison.Ordinal))
        {
            var options = text.IndexOf('?', StringComparison.Ordinal);
            return options < 0 ? text : text[..(options + 1)] + "…";
        }

        // What stands before the first colon is a scheme only if it looks like one: "Password=…;Server=tcp:…" has a colon too.
        var scheme = text.Split(':')[0];
        return scheme.Length < text.Length && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') ? scheme + ":…" : "…";
    }

    // A question mark would begin options of the Python driver, which mean nothing here.
    private static bool IsFile(string path) =>
        path.Length > 0 && !path.EndsWith('/') && !path.StartsWith(':') && !path.Contains('?', StringComparison.Ordinal)
        && !path.Any(char.IsControl);
}
