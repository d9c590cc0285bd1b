using System.Text.RegularExpressions;

namespace MockSre.Testing;

/// <summary>Words that must not appear in anything that an investigator can read in a blind run.</summary>
public sealed partial class ForbiddenWords
{
    /// <summary>The file with the words, relative to the root of the repository.</summary>
    public const string File = "fixtures/blind/forbidden-words.txt";

    private readonly Regex _any;

    /// <param name="lines">One word per line. Empty lines and lines that begin with # are ignored.</param>
    public ForbiddenWords(IEnumerable<string> lines)
    {
        All = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

        // A word starts after punctuation or a space, or with a capital letter after a small one.
        var words = string.Join('|', All.OrderByDescending(word => word.Length).Select(Regex.Escape));
        _any = new Regex($"(?:(?<![A-Za-z0-9])|(?<=[a-z0-9])(?=[A-Z]))(?i:{words})", RegexOptions.CultureInvariant);
    }

    public IReadOnlyList<string> All { get; }

    public static ForbiddenWords Read(string path) => new(System.IO.File.ReadLines(path));

    /// <summary>The forbidden words in a text, each with the text around it.</summary>
    public IEnumerable<string> In(string text)
    {
        var readable = ProtectedToken().Replace(text, string.Empty);
        return _any.Matches(readable).Select(match =>
        {
            var start = Math.Max(0, match.Index - 30);
            var end = Math.Min(readable.Length, match.Index + match.Length + 30);
            return $"{match.Value}: {readable[start..end]}";
        });
    }

    // ASP.NET encrypts its cookies and form tokens, so a word in them is chance.
    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex ProtectedToken();
}
