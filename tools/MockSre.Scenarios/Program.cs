using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Testing;

namespace MockSre.Scenarios;

/// <summary>The program of <c>make keys</c> and <c>make schema</c>. It plays scenarios on a fake clock.</summary>
internal static class Program
{
    private static readonly Option<DirectoryInfo> Fixtures = new("--fixtures")
    {
        Description = "The directory of the scenarios.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("fixtures", "scenarios")),
    };

    private static readonly Option<string[]> Only = new("--scenario")
    {
        Description = "Play only these scenarios.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private static async Task<int> Main(string[] args)
    {
        var keys = new Command("keys", "Play every repair of every scenario and write its effect into the answer keys.") { Fixtures, Only };
        keys.SetAction((parsed, _) => WriteKeysAsync(parsed.GetRequiredValue(Fixtures).FullName, parsed.GetValue(Only) ?? []));
        var schema = new Command("schema", "Write the JSON Schema of traits from the settings of all faults.") { Fixtures };
        schema.SetAction((parsed, cancellationToken) => WriteSchemaAsync(parsed.GetRequiredValue(Fixtures).FullName, cancellationToken));
        return await new RootCommand("Plays incident scenarios on a fake clock.") { keys, schema }.Parse(args).InvokeAsync();
    }

    private static Task WriteSchemaAsync(string directory, CancellationToken cancellationToken) => File.WriteAllTextAsync(
        Path.Combine(directory, "traits.schema.json"),
        TraitSchema.Create().ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n",
        cancellationToken);

    private static async Task<int> WriteKeysAsync(string directory, string[] only)
    {
        ScenarioCatalog catalog;
        try
        {
            catalog = ScenarioCatalog.Read(directory);
        }
        catch (FixtureException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        if (only.FirstOrDefault(name => catalog.Scenarios.All(scenario => scenario.Name != name)) is { } unknown)
        {
            var known = string.Join(", ", catalog.Scenarios.Select(scenario => scenario.Name));
            await Console.Error.WriteLineAsync($"There is no scenario {unknown}. The scenarios are: {known}.");
            return 1;
        }

        foreach (var scenario in catalog.Scenarios.Where(scenario => only.Length == 0 || only.Contains(scenario.Name)))
        {
            var begun = Stopwatch.GetTimestamp();
            var played = await PlayedKey.PlayAsync(catalog, scenario);
            var file = Path.Combine(directory, ScenarioCatalog.KeysDirectory, $"{scenario.Name}.json");
            var before = await File.ReadAllTextAsync(file);
            var after = played.WriteInto(before);
            await File.WriteAllTextAsync(file, after);
            Print(scenario, played, changed: before != after, Stopwatch.GetElapsedTime(begun));
        }

        return 0;
    }

    private static void Print(Scenario scenario, PlayedKey played, bool changed, TimeSpan took)
    {
        Console.WriteLine($"{scenario.Name}: {(changed ? "key changed" : "key unchanged")}, {took.TotalSeconds:F1} s");
        foreach (var repair in played.Repairs)
        {
            var reverted = repair.TakenBack.Count == 0 ? "nothing" : string.Join(", ", repair.TakenBack);
            var effect = repair.Effect.ToString().ToLowerInvariant();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  revert {reverted}: {effect} (error rate {repair.ErrorRate:P1}, p95 {repair.P95Ms:F0} ms)"));
        }

        if (played.HoldsUntilS is { } holds)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  service level holds for {holds:F0} s"));
        }
    }
}
