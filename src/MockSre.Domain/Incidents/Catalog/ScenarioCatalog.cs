using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Load;

namespace MockSre.Domain.Incidents.Catalog;

/// <summary>Scenarios, their answer keys, the commits that they draw from, and the words of a diagnosis.</summary>
/// <param name="Scenarios">In the order of their names.</param>
/// <param name="Draws">Scenarios that are drawn from these.</param>
/// <param name="Keys">The key of each scenario.</param>
/// <param name="Library">The commits.</param>
/// <param name="Vocabulary">The words.</param>
public sealed record ScenarioCatalog(
    IReadOnlyList<Scenario> Scenarios, IReadOnlyList<ScenarioDraw> Draws, IReadOnlyList<AnswerKey> Keys, CommitLibrary Library, Vocabulary Vocabulary)
{
    /// <summary>The file of commits: in the directory of the scenarios those that change nothing, in a fault's directory its own.</summary>
    public const string LibraryFile = "commits.json";

    /// <summary>The directory of the faults, beside that of the scenarios.</summary>
    public const string FaultsDirectory = "faults";

    /// <summary>The file of the words.</summary>
    public const string VocabularyFile = "vocabulary.json";

    /// <summary>The directory of the keys, beside the scenarios.</summary>
    public const string KeysDirectory = "keys";

    /// <summary>The directory of the scenarios that are drawn, beside the others.</summary>
    public const string DrawsDirectory = "drawn";

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>Healthy figures before the first fault, at the least, in seconds at the pace <see cref="Pace.Demo"/>.</summary>
    public const double MinHealthyS = 60;

    /// <summary>The key of a scenario.</summary>
    public AnswerKey KeyOf(Scenario scenario) => Keys.Single(key => key.Scenario == scenario.Name);

    /// <summary>Reads all files, and checks that they fit each other.</summary>
    /// <param name="directory">The directory of the scenarios.</param>
    /// <exception cref="FixtureException">A file is missing, too large, not JSON of the right shape, or its content makes no sense.</exception>
    public static ScenarioCatalog Read(string directory)
    {
        var catalog = new ScenarioCatalog(
            ReadAll<Scenario>(directory, "", scenario => scenario.Name),
            ReadAll<ScenarioDraw>(directory, DrawsDirectory, draw => draw.Name),
            ReadAll<AnswerKey>(directory, KeysDirectory, key => key.Scenario),
            ReadLibrary(directory),
            Read<Vocabulary>(directory, VocabularyFile));
        catalog.Check();
        return catalog;
    }

    // A fault's commits set its own settings, all others set nothing: so the settings of a commit tell its file.
    private static CommitLibrary ReadLibrary(string directory)
    {
        var fixtures = Path.GetDirectoryName(Path.GetFullPath(directory))!;
        var commits = new List<LibraryCommit>();
        foreach (var fault in FaultCatalog.All.Where(fault => Directory.Exists(Path.Combine(fixtures, FaultsDirectory, fault.Name))))
        {
            var file = FileOf(fault);
            var ofFault = ReadCommits(fixtures, file);
            Require(
                file,
                ofFault.All(commit => !commit.Sets.IsEmpty && commit.Sets.Settings.All(fault.Settings.Contains)),
                $"each commit must set settings of {fault.Name}, and no others");
            commits.AddRange(ofFault);
        }

        var others = ReadCommits(directory, LibraryFile);
        Require(LibraryFile, others.All(commit => commit.Sets.IsEmpty), $"a commit that sets something belongs to a fault, in {FaultsDirectory}");
        return new CommitLibrary(CommitLibrary.FormVersion, [.. commits, .. others]);
    }

    private static IReadOnlyList<LibraryCommit> ReadCommits(string directory, string file)
    {
        var library = Read<CommitLibrary>(directory, file);
        Require(file, library.Version == CommitLibrary.FormVersion, $"version must be {CommitLibrary.FormVersion}");
        return library.Commits;
    }

    private static string FileOf(Fault fault) => $"{FaultsDirectory}/{fault.Name}/{LibraryFile}";

    private static string FileOf(LibraryCommit commit) =>
        FaultCatalog.All.FirstOrDefault(fault => commit.Sets.Settings.Any(fault.Settings.Contains)) is { } fault ? FileOf(fault) : LibraryFile;

    private static string FileOf(Scenario scenario) => $"{scenario.Name}.json";

    private static string FileOf(ScenarioDraw draw) => $"{DrawsDirectory}/{draw.Name}.json";

    private static string FileOf(AnswerKey key) => $"{KeysDirectory}/{key.Scenario}.json";

    // In the order of their names, which are those of their files: so an error found later can name the file.
    private static List<T> ReadAll<T>(string directory, string within, Func<T, string> nameOf)
        where T : class
    {
        var all = FilesOf(directory, within).Select(file => (File: file, Content: Read<T>(directory, file))).ToList();
        all.ForEach(read => Require(read.File, nameOf(read.Content) == Path.GetFileNameWithoutExtension(read.File), $"names itself {nameOf(read.Content)}"));
        return [.. all.Select(read => read.Content).OrderBy(nameOf, StringComparer.Ordinal)];
    }

    private static List<string> FilesOf(string directory, string within)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(directory, within), "*.json")
                .Select(path => Path.GetFileName(path))
                .Where(file => file is not (LibraryFile or VocabularyFile) && !file.EndsWith(".schema.json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => within.Length == 0 ? file : $"{within}/{file}")
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FixtureException(within.Length == 0 ? Path.GetFileName(directory) : within, "cannot be read");
        }
    }

    private static T Read<T>(string directory, string file)
        where T : class
    {
        try
        {
            var info = new FileInfo(Path.Combine(directory, file));
            Require(file, info.Exists, "is missing");
            Require(file, info.Length <= MaxFileBytes, $"is larger than {MaxFileBytes} bytes");
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(info.FullName), IncidentJson.Strict) ?? throw new FixtureException(file, "is null");
        }
        catch (JsonException e)
        {
            throw new FixtureException(file, $"is not the expected JSON at {e.Path ?? "$"}, line {e.LineNumber + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The message of the cause names a path of this machine.
            throw new FixtureException(file, "cannot be read");
        }
    }

    private static void Require(string file, [DoesNotReturnIf(false)] bool condition, string problem)
    {
        if (!condition)
        {
            throw new FixtureException(file, problem);
        }
    }

    private void Check()
    {
        foreach (var id in Library.Commits.GroupBy(commit => commit.Id))
        {
            Require(FileOf(id.First()), id.Count() == 1, $"the id {id.Key} is given twice");
        }

        foreach (var role in Library.Commits.GroupBy(commit => commit.Role))
        {
            var file = FileOf(role.First());
            Require(file, role.All(commit => commit.Sets == role.First().Sets), $"{role.Key}: commits of one role must set the same");
            Require(
                file,
                role.All(commit => commit.Before.SequenceEqual(role.First().Before) && commit.After.SequenceEqual(role.First().After)),
                $"{role.Key}: commits of one role must be before and after the same");
            Require(file, role.Any(commit => commit.Reverts is null), $"{role.Key}: one commit of each role must revert none");
        }

        CheckOrder();
        Require(VocabularyFile, Vocabulary.Version == Vocabulary.FormVersion, $"version must be {Vocabulary.FormVersion}");
        foreach (var words in new[] { Vocabulary.Components, Vocabulary.Mechanisms })
        {
            Require(VocabularyFile, words.Distinct().Count() == words.Count, "has a word twice");
            Require(VocabularyFile, words.Count >= Vocabulary.Least, $"needs {Vocabulary.Least} words of each kind at least");
        }

        foreach (var draw in Draws)
        {
            Require(FileOf(draw), draw.Version == Scenario.FormVersion, $"version must be {Scenario.FormVersion}");
            Require(FileOf(draw), Scenarios.All(scenario => scenario.Name != draw.Name), "has the name of a scenario that is not drawn");
            Require(FileOf(draw), draw.DrawsFrom.Count > 0 && draw.DrawsFrom.All(name => Scenarios.Any(scenario => scenario.Name == name)), "draws_from must name scenarios");
        }

        foreach (var scenario in Scenarios)
        {
            var key = Keys.FirstOrDefault(key => key.Scenario == scenario.Name);
            Require(FileOf(scenario), key is not null, $"has no answer key in {KeysDirectory}");
            Check(scenario, key);
        }

        foreach (var key in Keys)
        {
            var scenario = Scenarios.FirstOrDefault(scenario => scenario.Name == key.Scenario);
            Require(FileOf(key), scenario is not null, "is the key of no scenario");
            Check(key, scenario);
        }
    }

    private void CheckOrder()
    {
        var roles = Library.Commits.DistinctBy(commit => commit.Role).ToList();
        foreach (var commit in Library.Commits)
        {
            var unknown = commit.Before.Concat(commit.After).Where(role => Library.OfRole(role).Count == 0).ToList();
            var file = FileOf(commit);
            Require(file, unknown.Count == 0, $"{commit.Id}: before and after must name roles: {string.Join(", ", unknown)}");
            Require(
                file,
                commit.Reverts is null || Library.Commits.Any(other => other.Id == commit.Reverts && other.IsBefore(commit)),
                $"{commit.Id}: reverts must name a commit that is before it");
            Require(file, commit.Reverts is null || !commit.Sets.IsEmpty, $"{commit.Id}: a commit that sets nothing reverts none");
        }

        // Whatever has nothing before it can come first, then whatever has nothing else before it; the turn of a circle never comes.
        for (var count = 0; count != roles.Count;)
        {
            count = roles.Count;
            roles = [.. roles.Where(role => roles.Exists(other => other.IsBefore(role)))];
        }

        Require(
            roles.Count == 0 ? LibraryFile : FileOf(roles[0]),
            roles.Count == 0,
            $"before and after go round in a circle: {string.Join(", ", roles.Select(commit => commit.Role))}");
    }

    private void Check(Scenario scenario, AnswerKey key)
    {
        var file = FileOf(scenario);
        Require(file, scenario.Version == Scenario.FormVersion, $"version must be {Scenario.FormVersion}");
        Require(file, scenario.DemoSpeedup >= 1, "demo_speedup must be 1 or more");
        Require(file, scenario.ServiceLevel is { ErrorRate: >= 0 and < 1, P95Ms: > 0 }, "service_level must be an error rate from 0 to below 1 and a latency above 0");
        foreach (var setting in scenario.Base.Settings)
        {
            Require(file, setting.Allows(scenario.Base.ValueOf(setting)), $"base.{setting.Name} must be {setting.Allowed}");
        }

        Require(
            file,
            scenario.Base[SmallPoolFault.ExportLeases] == 0 || (scenario.Base[SmallPoolFault.ExportFreeMs] > 0 && scenario.Base[SmallPoolFault.ExportHeldMs] > 0),
            "base.export must have bursts: free_ms and held_ms above 0");
        Require(file, scenario.Load.Rate is >= LoadPlan.OpenLoop.MinRate and <= 50, $"load.rate must be from {LoadPlan.OpenLoop.MinRate} to 50");
        Require(file, scenario.Load.Users.Count == LoadPlan.Users && scenario.Load.Users.All(weight => weight >= 0) && scenario.Load.Users.Sum() > 0, $"load.users must be {LoadPlan.Users} weights, not all of them 0");
        Require(file, scenario.Noise is { UnknownUser: >= 0, MalformedId: >= 0 } && scenario.Noise.UnknownUser + scenario.Noise.MalformedId <= 0.5, "noise must be shares, together not above 0.5");
        Require(file, scenario.Phases.Zip(scenario.Phases.Skip(1)).All(pair => pair.First.BeginsS < pair.Second.BeginsS), "phases must begin one after the other");
        foreach (var phase in scenario.Phases)
        {
            var known = phase.Commits.Where(role => role != ScenarioPhase.Decoy).ToList();
            Require(file, phase.Commits.Count > 0, "a phase ships at least one commit");
            Require(file, known.All(role => Library.OfRole(role).Count > 0), $"a phase ships a commit that no {LibraryFile} has: {string.Join(", ", known.Where(role => Library.OfRole(role).Count == 0))}");
            Require(file, known.Aggregate(TraitSet.Empty, (sets, role) => sets.Then(Library.OfRole(role)[0].Sets)) == phase.Sets, $"the phase at {phase.BeginsS} s sets something else than its commits");
            Require(
                file,
                phase.BeginsS / scenario.DemoSpeedup >= MinHealthyS || !known.Exists(role => key.Commits.Any(commit => commit.Role == role)),
                $"the first fault must come {MinHealthyS} s after the start at the least, at the pace demo");
        }

        var named = ScenarioPhase.InOrderOfTime(scenario.Phases).Where(role => role != ScenarioPhase.Decoy).ToList();
        Require(file, Library.AllowsOrder(named), $"the phases ship commits in an order that their before and after forbid");

        // A drawing adds up to three to those drawn by number, and one per commit to each phase that is not fresh.
        var decoys = scenario.Decoys.Older + scenario.Decoys.Waiting + 3
            + scenario.Phases.Sum(phase => phase.Commits.Count(role => role == ScenarioPhase.Decoy) + (phase.Fresh ? 0 : phase.Commits.Count));
        var fitting = Library.Decoys.Count(decoy => FitsAnywhere(decoy, named));
        Require(file, scenario.Decoys is { Older: >= 1, Waiting: >= 0 } && decoys <= fitting, $"decoys: at least one older, and with those of the phases and of a drawing ({decoys}) not more than {LibraryFile} has that fit anywhere ({fitting})");
        Require(file, scenario.Alert.WindowS > 0 && scenario.Witness.WindowS > 0, "windows must be longer than 0");
        Require(file, scenario.Alert.EarliestS <= scenario.Alert.LatestS && scenario.Alert.LatestS <= scenario.InvestigationBeginsS, "the alert rings from earliest_s to latest_s, and not after the investigation begins");
        Require(file, scenario.Phases.All(phase => phase.BeginsS < scenario.InvestigationBeginsS), "every phase begins before the investigation");
        Require(file, scenario.Witness.Kept != (scenario.Witness.Reached.Count > 0), "witness: either conditions that are reached, or a service level that is kept");
    }

    // With enough of these the planner never runs out of decoys, whichever it has chosen before.
    private bool FitsAnywhere(LibraryCommit decoy, IReadOnlyCollection<string> named) =>
        !named.Contains(decoy.Role)
        && Library.Decoys.Concat(named.SelectMany(Library.OfRole)).All(other => !decoy.IsBefore(other) && !other.IsBefore(decoy));

    private void Check(AnswerKey key, Scenario scenario)
    {
        var file = FileOf(key);
        Require(file, key.Version == AnswerKey.FormVersion, $"version must be {AnswerKey.FormVersion}");
        Require(file, key.Commits.All(commit => scenario.Phases.Any(phase => phase.Commits.Contains(commit.Role))), "names a commit that no phase ships");
        Require(file, (key.Verdict == Verdict.NothingWrong) == (key.Commits.Count == 0), "names commits where nothing is wrong, or none where something is");
        Require(file, key.Components.Count > 0 && key.Components.All(Vocabulary.Components.Contains), $"components must be words of {VocabularyFile}");
        Require(file, key.Mechanisms.Count > 0 && key.Mechanisms.All(Vocabulary.Mechanisms.Contains), $"mechanisms must be words of {VocabularyFile}");
        Require(file, key.Commits.All(ChangesWhatItsCommitSets), $"changed must be what the commit sets");
        var blamed = key.MustNotBlame.Concat(key.Evidence.Must.Concat(key.Evidence.May).Select(predicate => predicate.Role).OfType<string>());
        Require(file, blamed.All(role => scenario.Phases.Any(phase => phase.Commits.Contains(role))), "speaks of a commit that no phase ships");
        Require(file, !key.MustNotBlame.Any(role => key.Commits.Any(commit => commit.Role == role)), "blames a commit that must not be blamed");
        Require(
            file,
            key.HoldsUntilS is null || (key.HoldsUntilS > 0 && scenario.Base[GrowingTableFault.RowsPerS] > 0),
            "holds_until_s is for scenarios whose table grows, and more than 0");
        Require(
            file,
            key.Evidence.Must.Count is >= 1 and <= EvidenceWanted.MaxCited,
            $"evidence.must needs 1 to {EvidenceWanted.MaxCited} predicates");
    }

    private bool ChangesWhatItsCommitSets(CommitAtFault fault)
    {
        var sets = JsonSerializer.SerializeToNode(Library.OfRole(fault.Role)[0].Sets, IncidentJson.Options)!.AsObject();
        var changed = new JsonObject(fault.Changed.DistinctBy(change => change.What).Select(change => KeyValuePair.Create(change.What, JsonNode.Parse(change.To.GetRawText()))));
        return JsonNode.DeepEquals(sets, changed);
    }
}
