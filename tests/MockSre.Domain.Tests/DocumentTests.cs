using System.Text.RegularExpressions;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests;

/// <summary>The documents have no broken link, name no missing make target, and describe every setting.</summary>
public sealed partial class DocumentTests
{
    private const int MaxReadmeLines = 150;
    private const int MaxReadmeWords = 1400;

    private static readonly string[] Folders = [".", "docs", "docs/decisions"];

    public static TheoryData<string> Documents =>
    [
        .. Folders
            .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_WithinTheRepository_LeadToFilesAndHeadings(string document)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        var targets = Link().Matches(Read(document))
            .Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal));
        foreach (var target in targets)
        {
            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0 ? Repository.PathOf(document) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            Assert.True(Path.Exists(path), $"{document} links to {target}");
            if (parts.Length == 2)
            {
                Assert.Contains(parts[1], Anchors(File.ReadAllText(path)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_OfMake_AreTargets(string document)
    {
        var targets = Target().Matches(Read("Makefile")).Select(target => target.Groups[1].Value).ToHashSet();

        Assert.All(MakeCall().Matches(Read(document)).Select(call => call.Groups[1].Value), target => Assert.Contains(target, targets));
    }

    [Fact]
    public void Readme_ItsLength_IsThatOfAFirstRead()
    {
        var readme = Read("README.md");

        Assert.InRange(readme.Split('\n').Length, 1, MaxReadmeLines);
        Assert.InRange(readme.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 1, MaxReadmeWords);
    }

    [Fact]
    public void Settings_OfTheirTables_AreEveryVariableInItsOrder() =>
        Assert.Equal(
            ServiceSettings.Variables,
            SettingRow().Matches(Read("docs/settings.md")).Select(row => row.Groups[1].Value).Where(ServiceSettings.Variables.Contains));

    private static string Read(string file) => File.ReadAllText(Repository.PathOf(file));

    // GitHub's anchors: lower case, dashes for spaces, and only letters, digits, dashes and underscores.
    private static IEnumerable<string> Anchors(string markdown) => Heading().Matches(markdown)
        .Select(heading => Dropped().Replace(heading.Groups[1].Value.ToLowerInvariant().Replace(' ', '-'), ""));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_-]")]
    private static partial Regex Dropped();

    [GeneratedRegex("^([a-z-]+):.*## ", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex("(?:^|`|^[A-Z_]+=[^ ]+ )make ([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex MakeCall();

    [GeneratedRegex("^\\| `([A-Z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
