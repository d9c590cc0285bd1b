using System.Buffers;
using System.Text.RegularExpressions;

namespace MockSre.Testing;

/// <summary>Words that must not appear in anything that an investigator can read in a blind run.</summary>
public sealed partial class ForbiddenWords
{
    /// <summary>The file with the words, relative to the root of the repository.</summary>
    public const string File = "fixtures/blind/forbidden-words.txt";

    private readonly SearchValues<string> _any;

    /// <param name="lines">One word per line. Empty lines and lines that begin with # are ignored.</param>
    public ForbiddenWords(IEnumerable<string> lines)
    {
        var words = lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        All = [.. words.OrderByDescending(word => word.Length)];
        _any = SearchValues.Create([.. All], StringComparison.OrdinalIgnoreCase);
    }

    public IReadOnlyList<string> All { get; }

    public static ForbiddenWords Read(string path) => new(System.IO.File.ReadLines(path));

    /// <summary>The forbidden words in a text, each with the text around it.</summary>
    public IEnumerable<string> In(string text)
    {
        var readable = ProtectedToken().Replace(text, string.Empty);
        for (var at = Next(0); at >= 0; at = Next(at + 1))
        {
            if (IsStart(readable, at))
            {
                var word = All.First(word => readable.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase));
                yield return $"{word}: {readable[Math.Max(0, at - 30)..Math.Min(readable.Length, at + word.Length + 30)]}";
            }
        }

        int Next(int from)
        {
            var distance = readable.AsSpan(from).IndexOfAny(_any);
            return distance < 0 ? -1 : from + distance;
        }
    }

    // A word starts after punctuation or a space, or with a capital letter after a small one.
    private static bool IsStart(string text, int at)
    {
        var before = at == 0 ? ' ' : text[at - 1];
        return !char.IsAsciiLetterOrDigit(before) || (char.IsAsciiLetterUpper(text[at]) && !char.IsAsciiLetterUpper(before));
    }

    // ASP.NET encrypts its cookies and form tokens, so a word in them is chance.
    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex ProtectedToken();
}
