using System.Text.Json.Nodes;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>The catalog reads <c>fixtures/scenarios</c> strictly, and its errors name the file.</summary>
public sealed class ScenarioCatalogTests : IDisposable
{
    private const string Scenario = "incident_b.json";
    private const string Key = "keys/incident_b.json";
    private const string Draw = "drawn/random.json";
    private const string Library = ScenarioCatalog.LibraryFile;
    private const string CacheOff = "../faults/cache_off/commits.json";
    private const string FullScan = "../faults/full_scan/commits.json";
    private const string Words = ScenarioCatalog.VocabularyFile;

    private readonly ScenarioDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_TheShippedFiles_GivesEachWithItsKeyAndTheSameWords()
    {
        var catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

        Assert.Equal(
            ["incident_b", "many_queries", "noisy_alert", "pool_alone", "recovered_early", "scan_alone", "scan_and_pool", "slow_drift"],
            catalog.Scenarios.Select(scenario => scenario.Name));
        Assert.Equal(["random"], catalog.Draws.Select(draw => draw.Name));
        Assert.All(catalog.Scenarios, scenario => Assert.Equal(scenario.Name, catalog.KeyOf(scenario).Scenario));
        Assert.Equal(catalog.Scenarios.Count, catalog.Scenarios.DistinctBy(scenario => scenario.Title).Count());
        Assert.InRange(catalog.Vocabulary.Components.Count, 12, int.MaxValue);
        Assert.InRange(catalog.Vocabulary.Mechanisms.Count, 12, int.MaxValue);
        Assert.All(catalog.Keys, key => Assert.Subset(catalog.Vocabulary.Components.ToHashSet(), key.Components.ToHashSet()));
        Assert.All(catalog.Keys, key => Assert.Subset(catalog.Vocabulary.Mechanisms.ToHashSet(), key.Mechanisms.ToHashSet()));
    }

    [Fact]
    public void Read_WithOneMoreScenario_FindsAndPlansIt()
    {
        File.Copy(_directory.PathOf(Scenario), _directory.PathOf("later.json"));
        File.Copy(_directory.PathOf(Key), _directory.PathOf("keys/later.json"));
        _directory.Set("later.json", "name", "\"later\"");
        _directory.Set("later.json", "phases.0.begins_s", "620");
        _directory.Set("keys/later.json", "scenario", "\"later\"");

        var catalog = _directory.Read();

        Assert.Contains(catalog.Scenarios, scenario => scenario.Name == "later");
        Assert.Contains(catalog.Plan("later").Deploys, deploy => deploy.AtS == 620 / 8.0);
    }

    [Theory]
    [InlineData(Library, "version", "2", "version must be 1")]
    [InlineData(CacheOff, "version", "2", "version must be 1")]
    [InlineData(CacheOff, "commits.1.id", "\"cache_removed.1\"", "the id cache_removed.1 is not unique")]
    [InlineData(CacheOff, "commits.1.sets", "{}", "each commit must set settings of cache_off")]
    [InlineData(CacheOff, "commits.1.sets", "{ \"full_scan\": true }", "each commit must set settings of cache_off")]
    [InlineData(Library, "commits.1.sets", "{ \"full_scan\": true }", "a commit with an effect must be in faults")]
    [InlineData(CacheOff, "commits.1.sets", "{ \"cache_enabled\": true }", "cache_removed: commits of a role must have the same sets")]
    [InlineData(CacheOff, "commits.1.before", "[\"scan\"]", "cache_removed: commits of a role must have the same before and after")]
    [InlineData(CacheOff, "commits.1.after", "[\"scan\"]", "cache_removed: commits of a role must have the same before and after")]
    [InlineData(FullScan, "commits.4.reverts", "\"scan.2\"", "scan_undone: a role needs a commit without reverts")]
    [InlineData(Library, "commits.0.reverts", "\"scan.2\"", "a role needs a commit without reverts")]
    [InlineData(FullScan, "commits.3.reverts", "\"scan.9\"", "scan_undone.1: reverts must be the id of an earlier commit")]
    [InlineData(FullScan, "commits.3.reverts", "\"pool_cut.1\"", "scan_undone.1: reverts must be the id of an earlier commit")]
    [InlineData(CacheOff, "commits.3.before", "[\"cache_removal\"]", "cache_longer.1: before and after have unknown roles: cache_removal")]
    [InlineData(CacheOff, "commits.3.after", "[\"cache_removal\"]", "cache_longer.1: before and after have unknown roles: cache_removal")]
    [InlineData(CacheOff, "commits.3.after", "[\"cache_removed\"]", "before and after form a cycle: cache_removed, cache_longer")]
    [InlineData(CacheOff, "commits.3.before", "[\"cache_longer\"]", "before and after form a cycle: cache_longer")]
    [InlineData(Words, "version", "2", "version must be 1")]
    [InlineData(
        Words,
        "components",
        "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\"]",
        "needs at least 12 words of each kind")]
    [InlineData(Words, "mechanisms", "[]", "needs at least 12 words of each kind")]
    [InlineData(Words, "mechanisms.0", "\"bad_input\"", "has the same word twice")]
    [InlineData(Draw, "version", "2", "version must be 1")]
    [InlineData(Draw, "name", "\"chance\"", "has the name chance")]
    [InlineData(Draw, "draws_from", "[]", "draws_from must name scenarios")]
    [InlineData(Draw, "draws_from.0", "\"incident_c\"", "draws_from must name scenarios")]
    [InlineData(Scenario, "version", "2", "version must be 1")]
    [InlineData(Scenario, "name", "\"incident_c\"", "has the name incident_c")]
    [InlineData(Scenario, "demo_speedup", "0.9", "demo_speedup must be 1 or more")]
    [InlineData(Scenario, "service_level.error_rate", "1", "service_level must be")]
    [InlineData(Scenario, "service_level.p95_ms", "0", "service_level must be")]
    [InlineData(Scenario, "base.pool_limit", "101", "base.pool_limit must be")]
    [InlineData(Scenario, "base.pool_timeout_ms", "0", "base.pool_timeout_ms must be")]
    [InlineData(Scenario, "base.cache_lifetime_ms", "0", "base.cache_lifetime_ms must be")]
    [InlineData(Scenario, "base.scan_row_cost_us", "-1", "base.scan_row_cost_us must be")]
    [InlineData(Scenario, "base.import_rows_per_s", "-1", "base.import_rows_per_s must be")]
    [InlineData(Scenario, "base.export.leases", "11", "base.export.leases must be")]
    [InlineData(Scenario, "base.export.free_ms", "0", "base.export must have bursts")]
    [InlineData(Scenario, "base.export.held_ms", "0", "base.export must have bursts")]
    [InlineData(Scenario, "load.rate", "50.5", "load.rate must be from 0.1 to 50")]
    [InlineData(Scenario, "load.users", "[1]", "load.users must be 10 weights")]
    [InlineData(Scenario, "load.users", "[0,0,0,0,0,0,0,0,0,0]", "load.users must be 10 weights")]
    [InlineData(Scenario, "load.users.0", "-1", "load.users must be 10 weights")]
    [InlineData(Scenario, "noise.unknown_user", "0.5", "noise must be shares")]
    [InlineData(Scenario, "noise.malformed_id", "-0.1", "noise must be shares")]
    [InlineData(Scenario, "phases.1.begins_s", "600", "begins_s must increase from phase to phase")]
    [InlineData(Scenario, "phases.0.commits", "[]", "a phase needs at least one commit")]
    [InlineData(Scenario, "phases.0.commits.0", "\"cache_emptied\"", "a phase has unknown roles: cache_emptied")]
    [InlineData(Scenario, "phases.0.sets", "{}", "sets of the phase at 600 s must be those of its commits")]
    [InlineData(Scenario, "phases.0.begins_s", "470", "the first fault must be at least 60 s after the start")]
    [InlineData(
        Scenario,
        "phases.0",
        """
        {"begins_s":600,"commits":["cache_removed","cache_longer"],"sets":{"cache_enabled":false,"cache_lifetime_ms":6000},"fresh":false}
        """,
        "the order of commits contradicts their before and after")]
    [InlineData(Scenario, "decoys.older", "0", "decoys must be at least 1 older")]
    [InlineData(Scenario, "decoys.waiting", "-1", "decoys must be at least 1 older")]
    [InlineData(Scenario, "decoys.waiting", "20", "decoys: a run may need")]
    [InlineData(Scenario, "alert.window_s", "0", "window_s must be above 0")]
    [InlineData(Scenario, "witness.window_s", "0", "window_s must be above 0")]
    [InlineData(Scenario, "alert.earliest_s", "921", "earliest_s, latest_s and investigation_begins_s")]
    [InlineData(Scenario, "alert.latest_s", "1041", "earliest_s, latest_s and investigation_begins_s")]
    [InlineData(Scenario, "investigation_begins_s", "955", "phases must begin before investigation_begins_s")]
    [InlineData(Scenario, "witness.kept", "true", "witness needs either")]
    [InlineData(Scenario, "witness.reached", "[]", "witness needs either")]
    [InlineData(Key, "version", "2", "version must be 1")]
    [InlineData(Key, "scenario", "\"incident_c\"", "has the name incident_c")]
    [InlineData(Key, "commits.0.role", "\"cache_longer\"", "commits must have roles of the phases")]
    [InlineData(Key, "commits", "[]", "commits must be empty exactly if the verdict is nothing_wrong")]
    [InlineData(Key, "verdict", "\"nothing_wrong\"", "commits must be empty exactly if the verdict is nothing_wrong")]
    [InlineData(Key, "components", "[]", "components must be words of vocabulary.json")]
    [InlineData(Key, "components.0", "\"pool\"", "components must be words of vocabulary.json")]
    [InlineData(Key, "mechanisms", "[]", "mechanisms must be words of vocabulary.json")]
    [InlineData(Key, "mechanisms.0", "\"pool\"", "mechanisms must be words of vocabulary.json")]
    [InlineData(Key, "commits.2.changed.0.to", "3", "changed must be the sets of the commit")]
    [InlineData(Key, "commits.2.changed.0.what", "\"cache_lifetime_ms\"", "changed must be the sets of the commit")]
    [InlineData(Key, "commits.0.changed", "[]", "changed must be the sets of the commit")]
    [InlineData(Key, "must_not_blame.0", "\"cache_longer\"", "must_not_blame and evidence must have roles of the phases")]
    [InlineData(Key, "must_not_blame.0", "\"scan\"", "must_not_blame has a commit at fault")]
    [InlineData(Key, "evidence.must.0.role", "\"cache_longer\"", "must_not_blame and evidence must have roles of the phases")]
    [InlineData(Key, "evidence.may.0.role", "\"cache_longer\"", "must_not_blame and evidence must have roles of the phases")]
    [InlineData(Key, "evidence.must", "[]", "evidence.must needs 1 to 8 predicates")]
    [InlineData(Key, "holds_until_s", "100", "holds_until_s must be above 0")]
    public void Read_ContentThatMakesNoSense_NamesTheFileAndTheProblem(string file, string path, string json, string problem)
    {
        _directory.Set(file, path, json);

        AssertRefused($"{Shown(file)}: ", problem);
    }

    [Theory]
    [InlineData(Scenario, "phases.0.sets.is_empty", "false")]
    [InlineData(Scenario, "service_level.patience", "\"00:00:01\"")]
    [InlineData(Library, "commits.0.files", "[]")]
    [InlineData(Library, "commits.0.sets.is_empty", "false")]
    public void Read_AMemberThatIsWorkedOut_IsRefused(string file, string path, string json)
    {
        _directory.Set(file, path, json);

        AssertRefused($"{file}: ", "is not the expected JSON");
    }

    [Fact]
    public void Read_ADecoyThatReverts_IsRefused()
    {
        // The first commit of the role has no reverts, and the order is allowed. The only problem is that a decoy has reverts.
        var root = JsonNode.Parse(File.ReadAllText(_directory.PathOf(Library)))!;
        var decoy = root["commits"]!.AsArray().Single(commit => (string?)commit!["role"] == "error_title")!;
        decoy["after"] = new JsonArray("scan");
        var second = decoy.DeepClone();
        second["id"] = "error_title.2";
        second["reverts"] = "scan.1";
        root["commits"]!.AsArray().Add(second);
        _directory.Write(Library, root);

        AssertRefused("commits.json: ", "error_title.2: a commit without an effect cannot have reverts");
    }

    [Theory]
    [InlineData(Scenario)]
    [InlineData(Key)]
    [InlineData(Draw)]
    [InlineData(Library)]
    [InlineData(FullScan)]
    [InlineData(Words)]
    public void Read_AFileThatCannotBeUsed_NamesIt(string file)
    {
        var good = File.ReadAllText(_directory.PathOf(file));

        foreach (var (content, problem) in new[]
        {
            ("", "is not the expected JSON at $"),
            ("null", "is null"),
            ("[]", "is not the expected JSON at $, line 1"),
            (good[..^3], "is not the expected JSON at $"),
            (good + new string(' ', FixtureReader.MaxFileBytes), "is larger than 1048576 bytes"),
        })
        {
            File.WriteAllText(_directory.PathOf(file), content);
            AssertRefused($"{Shown(file)}: ", problem);
        }
    }

    [Theory]
    [InlineData(Library, "commits.json: is missing")]
    [InlineData(Words, "vocabulary.json: is missing")]
    [InlineData(Key, "incident_b.json: has no answer key in keys")]
    [InlineData(Scenario, "keys/incident_b.json: has no scenario", Draw)]
    [InlineData("pool_alone.json", "drawn/random.json: draws_from must name scenarios", "keys/pool_alone.json")]
    public void Read_WithoutAFile_SaysWhatIsMissing(string file, string problem, string? alsoWithout = null)
    {
        File.Delete(_directory.PathOf(file));
        if (alsoWithout is not null)
        {
            File.Delete(_directory.PathOf(alsoWithout));
        }

        AssertRefused(problem, problem);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("drawn")]
    public void Read_WithoutADirectory_NamesIt(string name)
    {
        Directory.Delete(_directory.PathOf(name), recursive: true);

        AssertRefused($"{name}: ", "cannot be read");
    }

    [Fact]
    public void Read_ADrawWithTheNameOfAScenario_IsRefused()
    {
        File.Move(_directory.PathOf(Draw), _directory.PathOf("drawn/slow_drift.json"));
        _directory.Set("drawn/slow_drift.json", "name", "\"slow_drift\"");

        AssertRefused("drawn/slow_drift.json: ", "has the name of another scenario");
    }

    private static string Shown(string file) => file.Replace("../", "", StringComparison.Ordinal);

    private void AssertRefused(string start, string problem)
    {
        var refused = Assert.Throws<FixtureException>(_directory.Read);
        Assert.StartsWith(start, refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_directory.FullName, refused.Message, StringComparison.Ordinal);
    }
}
