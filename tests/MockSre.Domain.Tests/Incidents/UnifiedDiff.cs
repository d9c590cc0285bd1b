using System.Globalization;
using System.Text.RegularExpressions;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Tests.Incidents;

internal static partial class UnifiedDiff
{
    /// <summary>Shorter lines, such as braces, occur everywhere and prove nothing.</summary>
    private const int TellingLength = 20;

    /// <summary>The lines of a diff, each with its file and sign. The heading of a hunk is a line with the sign @.</summary>
    /// <exception cref="FormatException">The text is not a unified diff of whole hunks.</exception>
    public static IReadOnlyList<(string File, char Sign, string Text)> Parse(string diff)
    {
        var lines = new List<(string File, char Sign, string Text)>();
        var file = "";
        var (before, after, shift) = (0, 0, 0);
        Require(diff.EndsWith('\n'), "the last line has no line feed");
        var all = diff.Split('\n')[..^1];
        for (var i = 0; i < all.Length; i++)
        {
            var line = all[i];
            if (before + after > 0)
            {
                Require(line is [' ' or '+' or '-', ..], $"the line does not belong to a hunk: {line}");
                before -= line[0] == '+' ? 0 : 1;
                after -= line[0] == '-' ? 0 : 1;
                Require(before >= 0 && after >= 0, $"the hunk has more lines than its header says: {line}");
                lines.Add((file, line[0], line[1..]));
            }
            else if (Hunk().Match(line) is { Success: true } hunk)
            {
                Require(file.Length > 0, $"the hunk has no file: {line}");
                before = Number(hunk, "before", 1);
                after = Number(hunk, "after", 1);
                Require(Number(hunk, "new", 0) - Number(hunk, "old", 0) == shift, $"the line numbers of the hunk are wrong: {line}");
                shift += after - before;
                lines.Add((file, '@', hunk.Groups["heading"].Value));
            }
            else
            {
                Require(Header().Match(line) is { Success: true }, $"a file header is expected: {line}");
                file = Header().Match(line).Groups["file"].Value;
                Require(
                    all.Length > i + 3 && all[i + 1] == $"--- a/{file}" && all[i + 2] == $"+++ b/{file}" && Hunk().IsMatch(all[i + 3]),
                    $"the file names of the header differ: {line}");
                shift = 0;
                i += 2;
            }
        }

        Require(before + after == 0, "the last hunk has fewer lines than its header says");
        return lines;
    }

    /// <summary>The first line that a commit shows after an earlier one removed it, or adds after an earlier one showed it.</summary>
    /// <returns>A description of the contradiction; null if there is none.</returns>
    public static string? Contradiction(IEnumerable<LibraryCommit> commits)
    {
        HashSet<(string File, string Text)> gone = [], shown = [];
        foreach (var commit in commits)
        {
            var lines = Parse(commit.Diff).Where(line => line.Text.Length >= TellingLength).ToList();
            var added = lines.Where(line => line.Sign == '+').Select(line => (line.File, line.Text)).ToHashSet();
            var removed = lines.Where(line => line.Sign == '-').Select(line => (line.File, line.Text)).ToHashSet();
            var context = lines.Where(line => line.Sign == ' ').Select(line => (line.File, line.Text)).ToHashSet();

            // Git shortens long headings, so only their start is compared.
            var headings = lines.Where(line => line.Sign == '@').ToList();
            if (context.Union(removed).Where(gone.Contains).Concat(gone.Where(IsHeading)).FirstOrDefault() is { Text: { } before })
            {
                return $"{commit.Id} shows a line that was removed before: {before}";
            }

            if (added.Except(removed).FirstOrDefault(line => shown.Contains(line) && !gone.Contains(line)) is { Text: { } early })
            {
                return $"{commit.Id} adds a line that was there before: {early}";
            }

            gone.ExceptWith(added);
            gone.UnionWith(removed.Except(added));
            shown.UnionWith(added.Union(context));

            bool IsHeading((string File, string Text) line) => headings.Exists(heading =>
                heading.File == line.File && line.Text.StartsWith(heading.Text, StringComparison.Ordinal));
        }

        return null;
    }

    private static int Number(Match hunk, string group, int otherwise) =>
        hunk.Groups[group] is { Success: true } found ? int.Parse(found.Value, CultureInfo.InvariantCulture) : otherwise;

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }

    [GeneratedRegex(@"^@@ -(?<old>\d+)(,(?<before>\d+))? \+(?<new>\d+)(,(?<after>\d+))? @@( (?<heading>.+))?$")]
    private static partial Regex Hunk();

    [GeneratedRegex(@"^diff --git a/(?<file>\S+) b/\k<file>$")]
    private static partial Regex Header();
}
