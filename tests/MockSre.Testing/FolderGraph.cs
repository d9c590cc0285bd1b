using System.Text.RegularExpressions;

namespace MockSre.Testing;

/// <summary>Which first-level folders of a namespace use each other.</summary>
/// <param name="root">The namespace, such as <c>MockSre.Domain</c>.</param>
public sealed partial class FolderGraph(string root)
{
    /// <summary>The name for types that are in the namespace itself, not in a folder.</summary>
    public const string Here = ".";

    private readonly SortedDictionary<(string From, string To), SortedSet<string>> _uses = [];

    /// <summary>Adds the references between compiled types. Constants and <c>nameof</c> are not visible there.</summary>
    /// <param name="uses">The full names of a type and of a type that it uses.</param>
    public FolderGraph AddTypes(IEnumerable<(string From, string To)> uses)
    {
        foreach (var (from, to) in uses)
        {
            Add(FolderOfType(from), FolderOfType(to), $"{Name(from)} -> {Name(to)}");
        }

        return this;

        static string Name(string type) => type[(type.LastIndexOf('.') + 1)..];
    }

    /// <summary>Adds the using directives of source files. The build allows no unused ones.</summary>
    /// <param name="directory">The directory of the namespace, relative to the repository's root.</param>
    public FolderGraph AddUsings(string directory)
    {
        var home = Repository.PathOf(directory);
        foreach (var file in Directory.EnumerateFiles(home, "*.*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(home, file).Split(Path.DirectorySeparatorChar);
            if (Path.GetExtension(file) is not (".cs" or ".razor") || path[0] is "bin" or "obj")
            {
                continue;
            }

            foreach (Match directive in Using().Matches(File.ReadAllText(file)))
            {
                Add(path.Length == 1 ? Here : path[0], FolderOf(directive.Groups[1].Value), $"{path[^1]} -> {directive.Groups[1].Value}");
            }
        }

        return this;
    }

    /// <summary>Removes the uses of one folder that may see all others.</summary>
    public FolderGraph WithoutUsesOf(string folder)
    {
        foreach (var use in _uses.Keys.Where(use => use.From == folder).ToList())
        {
            _uses.Remove(use);
        }

        return this;
    }

    /// <summary>The types in other folders that use this folder.</summary>
    public IReadOnlyList<string> UsersOf(string folder) => [.. _uses.Where(use => use.Key.To == folder).Select(Describe)];

    /// <summary>Fails if folders use each other in a cycle. The message names the folders and the types of each use.</summary>
    public void RequireNoCircle()
    {
        Assert.NotEmpty(_uses);
        var circles = _uses.Where(use => Reaches(use.Key.To, use.Key.From, [])).Select(Describe).ToList();
        Assert.True(circles.Count == 0, string.Join(Environment.NewLine, circles));
    }

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && _uses.Keys.Any(use => use.From == from && Reaches(use.To, to, seen)));

    private static string Describe(KeyValuePair<(string From, string To), SortedSet<string>> use) =>
        $"{use.Key.From} uses {use.Key.To}: {string.Join(", ", use.Value)}";

    private void Add(string? from, string? to, string what)
    {
        if (from is not null && to is not null && from != to)
        {
            if (!_uses.TryGetValue((from, to), out var uses))
            {
                _uses[(from, to)] = uses = [];
            }

            uses.Add(what);
        }
    }

    // A nested type and a generic one belong to the namespace of the outermost type.
    private string? FolderOfType(string type)
    {
        var outer = type.Split('+', '/', '`', '<', '[')[0];
        return outer.LastIndexOf('.') is var dot and >= 0 ? FolderOf(outer[..dot]) : null;
    }

    private string? FolderOf(string name) =>
        name == root ? Here
        : name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0]
        : null;

    [GeneratedRegex(@"^@?using (?:static )?([\w.]+);?\r?$", RegexOptions.Multiline)]
    private static partial Regex Using();
}
