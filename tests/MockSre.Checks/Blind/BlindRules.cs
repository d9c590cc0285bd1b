using System.Text.RegularExpressions;

namespace MockSre.Checks.Blind;

/// <summary>What must not be said in a blind run, and which fields and headers there may be: two files beside this one.</summary>
internal sealed class BlindRules
{
    private readonly Regex _forbidden;

    private BlindRules(IEnumerable<string> words, IEnumerable<string> fields)
    {
        _forbidden = new Regex(string.Join('|', words.Select(word => word.EndsWith('*')
            ? $@"(?<![a-z]){Regex.Escape(word[..^1])}"
            : $@"(?<![a-z]){Regex.Escape(word)}(?![a-z])")), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        Allowed = fields.ToHashSet();
    }

    /// <summary>Fields as <c>part path</c>, such as <c>commits commits[].sha</c>, and headers as <c>header name</c>.</summary>
    public IReadOnlySet<string> Allowed { get; }

    public static BlindRules Read() => new(Lines("forbidden-words.txt"), Lines("allowed-fields.txt"));

    /// <summary>Every forbidden word in a text, each with what stands around it.</summary>
    public IEnumerable<string> FindIn(string text) => _forbidden.Matches(text).Select(match =>
    {
        var from = Math.Max(0, match.Index - 40);
        return $"\"{match.Value}\" in …{text[from..Math.Min(text.Length, match.Index + match.Length + 40)].ReplaceLineEndings(" ")}…";
    });

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Blind", file)).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0);
}
