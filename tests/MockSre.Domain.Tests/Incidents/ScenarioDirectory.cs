using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>A copy of the scenarios and faults that a test may break.</summary>
internal sealed class ScenarioDirectory : IDisposable
{
    private static readonly string Shipped = Repository.PathOf("fixtures/scenarios");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-scenarios-");

    public ScenarioDirectory()
    {
        Directory.CreateDirectory(FullName);
        foreach (var file in ShippedFiles)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            File.Copy(Path.Combine(Shipped, file), PathOf(file));
        }
    }

    /// <summary>All files except the schemas.</summary>
    public static IReadOnlyList<string> ShippedFiles { get; } =
    [
        .. Directory.EnumerateFiles(Shipped, "*.json", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".schema.json", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("fixtures/faults"), "*.json", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Shipped, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public string FullName => Path.Combine(_directory.FullName, "scenarios");

    public static JsonNode ReadShipped(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Shipped, file)))!;

    public ScenarioCatalog Read() => ScenarioCatalog.Read(FullName);

    public string PathOf(string file) => Path.Combine(FullName, file);

    /// <summary>Sets or removes one value.</summary>
    /// <param name="path">Names and numbers, separated by dots.</param>
    /// <param name="json">Null removes the member.</param>
    public void Set(string file, string path, string? json)
    {
        var root = JsonNode.Parse(File.ReadAllText(PathOf(file)))!;
        Set(root, path, json);
        Write(file, root);
    }

    public static void Set(JsonNode root, string path, string? json)
    {
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(root, (node, step) => node is JsonArray array ? array[int.Parse(step, null)]! : node[step]!);
        var value = json is null ? null : JsonNode.Parse(json);
        if (parent is JsonArray list)
        {
            list[int.Parse(steps[^1], null)] = value;
        }
        else if (json is null)
        {
            Assert.True(parent.AsObject().Remove(steps[^1]));
        }
        else
        {
            parent[steps[^1]] = value;
        }
    }

    public void Write(string file, JsonNode root) => File.WriteAllText(PathOf(file), root.ToJsonString(JsonSerializerOptions.Default));

    public void Dispose() => _directory.Delete(recursive: true);
}
