using System.Text.Json.Nodes;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Incidents.Catalog;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>Reading what lies under <c>fixtures/scenarios</c>: strict, and saying which file is wrong.</summary>
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
            ["incident_b", "noisy_alert", "pool_alone", "recovered_early", "scan_alone", "scan_and_pool", "slow_drift"],
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
    [InlineData(CacheOff, "commits.1.id", "\"cache_removed.1\"", "the id cache_removed.1 is given twice")]
    [InlineData(CacheOff, "commits.1.sets", "{}", "each commit must set settings of cache_off")]
    [InlineData(CacheOff, "commits.1.sets", "{ \"full_scan\": true }", "each commit must set settings of cache_off")]
    [InlineData(Library, "commits.1.sets", "{ \"full_scan\": true }", "a commit that sets something belongs to a fault")]
    [InlineData(CacheOff, "commits.1.sets", "{ \"cache_enabled\": true }", "cache_removed: commits of one role must set the same")]
    [InlineData(CacheOff, "commits.1.before", "[\"scan\"]", "cache_removed: commits of one role must be before and after the same")]
    [InlineData(CacheOff, "commits.1.after", "[\"scan\"]", "cache_removed: commits of one role must be before and after the same")]
    [InlineData(FullScan, "commits.4.reverts", "\"scan.2\"", "scan_undone: one commit of each role must revert none")]
    [InlineData(Library, "commits.0.reverts", "\"scan.2\"", "one commit of each role must revert none")]
    [InlineData(FullScan, "commits.3.reverts", "\"scan.9\"", "scan_undone.1: reverts must name a commit that is before it")]
    [InlineData(FullScan, "commits.3.reverts", "\"pool_cut.1\"", "scan_undone.1: reverts must name a commit that is before it")]
    [InlineData(CacheOff, "commits.3.before", "[\"cache_removal\"]", "cache_longer.1: before and after must name roles: cache_removal")]
    [InlineData(CacheOff, "commits.3.after", "[\"cache_removal\"]", "cache_longer.1: before and after must name roles: cache_removal")]
    [InlineData(CacheOff, "commits.3.after", "[\"cache_removed\"]", "before and after go round in a circle: cache_removed, cache_longer")]
    [InlineData(CacheOff, "commits.3.before", "[\"cache_longer\"]", "before and after go round in a circle: cache_longer")]
    [InlineData(Words, "version", "2", "version must be 1")]
    [InlineData(Words, "components", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\"]", "needs 12 words of each kind at least")]
    [InlineData(Words, "mechanisms", "[]", "needs 12 words of each kind at least")]
    [InlineData(Words, "mechanisms.0", "\"bad_input\"", "has a word twice")]
    [InlineData(Draw, "version", "2", "version must be 1")]
    [InlineData(Draw, "name", "\"chance\"", "names itself chance")]
    [InlineData(Draw, "draws_from", "[]", "draws_from must name scenarios")]
    [InlineData(Draw, "draws_from.0", "\"incident_c\"", "draws_from must name scenarios")]
    [InlineData(Scenario, "version", "2", "version must be 1")]
    [InlineData(Scenario, "name", "\"incident_c\"", "names itself incident_c")]
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
    [InlineData(Scenario, "phases.1.begins_s", "600", "phases must begin one after the other")]
    [InlineData(Scenario, "phases.0.commits", "[]", "a phase ships at least one commit")]
    [InlineData(Scenario, "phases.0.commits.0", "\"cache_emptied\"", "a phase ships a commit that no commits.json has: cache_emptied")]
    [InlineData(Scenario, "phases.0.sets", "{}", "the phase at 600 s sets something else than its commits")]
    [InlineData(Scenario, "phases.0.begins_s", "470", "the first fault must come 60 s after the start")]
    [InlineData(Scenario, "phases.0", "{\"begins_s\":600,\"commits\":[\"cache_removed\",\"cache_longer\"],\"sets\":{\"cache_enabled\":false,\"cache_lifetime_ms\":6000},\"fresh\":false}", "the phases ship commits in an order that their before and after forbid")]
    [InlineData(Scenario, "decoys.older", "0", "decoys: at least one older")]
    [InlineData(Scenario, "decoys.waiting", "-1", "decoys: at least one older")]
    [InlineData(Scenario, "decoys.waiting", "20", "decoys: at least one older")]
    [InlineData(Scenario, "alert.window_s", "0", "windows must be longer than 0")]
    [InlineData(Scenario, "witness.window_s", "0", "windows must be longer than 0")]
    [InlineData(Scenario, "alert.earliest_s", "921", "the alert rings from earliest_s to latest_s")]
    [InlineData(Scenario, "alert.latest_s", "1041", "the alert rings from earliest_s to latest_s")]
    [InlineData(Scenario, "investigation_begins_s", "955", "every phase begins before the investigation")]
    [InlineData(Scenario, "witness.kept", "true", "witness: either")]
    [InlineData(Scenario, "witness.reached", "[]", "witness: either")]
    [InlineData(Key, "version", "2", "version must be 1")]
    [InlineData(Key, "scenario", "\"incident_c\"", "names itself incident_c")]
    [InlineData(Key, "commits.0.role", "\"cache_longer\"", "names a commit that no phase ships")]
    [InlineData(Key, "commits", "[]", "names commits where nothing is wrong, or none where something is")]
    [InlineData(Key, "verdict", "\"nothing_wrong\"", "names commits where nothing is wrong, or none where something is")]
    [InlineData(Key, "components", "[]", "components must be words of vocabulary.json")]
    [InlineData(Key, "components.0", "\"pool\"", "components must be words of vocabulary.json")]
    [InlineData(Key, "mechanisms", "[]", "mechanisms must be words of vocabulary.json")]
    [InlineData(Key, "mechanisms.0", "\"pool\"", "mechanisms must be words of vocabulary.json")]
    [InlineData(Key, "commits.2.changed.0.to", "3", "changed must be what the commit sets")]
    [InlineData(Key, "commits.2.changed.0.what", "\"cache_lifetime_ms\"", "changed must be what the commit sets")]
    [InlineData(Key, "commits.0.changed", "[]", "changed must be what the commit sets")]
    [InlineData(Key, "must_not_blame.0", "\"cache_longer\"", "speaks of a commit that no phase ships")]
    [InlineData(Key, "must_not_blame.0", "\"scan\"", "blames a commit that must not be blamed")]
    [InlineData(Key, "evidence.must.0.role", "\"cache_longer\"", "speaks of a commit that no phase ships")]
    [InlineData(Key, "evidence.may.0.role", "\"cache_longer\"", "speaks of a commit that no phase ships")]
    [InlineData(Key, "evidence.must", "[]", "evidence.must needs 1 to 8 predicates")]
    [InlineData(Key, "holds_until_s", "100", "holds_until_s is for scenarios whose table grows")]
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
        // A second commit of its role that reverts none, and an order that allows it: what is wrong is that a decoy is drawn without regard to it.
        var root = JsonNode.Parse(File.ReadAllText(_directory.PathOf(Library)))!;
        var decoy = root["commits"]!.AsArray().Single(commit => (string?)commit!["role"] == "error_title")!;
        decoy["after"] = new JsonArray("scan");
        var second = decoy.DeepClone();
        second["id"] = "error_title.2";
        second["reverts"] = "scan.1";
        root["commits"]!.AsArray().Add(second);
        _directory.Write(Library, root);

        AssertRefused("commits.json: ", "error_title.2: a commit that sets nothing reverts none");
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
            (good + new string(' ', ScenarioCatalog.MaxFileBytes), "is larger than 1048576 bytes"),
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
    [InlineData(Scenario, "keys/incident_b.json: is the key of no scenario", Draw)]
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

        AssertRefused("drawn/slow_drift.json: ", "has the name of a scenario that is not drawn");
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
