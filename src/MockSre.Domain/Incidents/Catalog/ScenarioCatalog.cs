using System.Text.Json.Nodes;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Load;
using static MockSre.Domain.Fixtures.FixtureException;

namespace MockSre.Domain.Incidents.Catalog;

public sealed record ScenarioCatalog(
    IReadOnlyList<Scenario> Scenarios, IReadOnlyList<ScenarioDraw> Draws, IReadOnlyList<AnswerKey> Keys, CommitLibrary Library,
    Vocabulary Vocabulary)
{
    /// <summary>Commits with an effect are in the directory of their fault, all others in the directory of the scenarios.</summary>
    public const string LibraryFile = "commits.json";

    /// <summary>A sibling of the directory of the scenarios.</summary>
    public const string FaultsDirectory = "faults";

    /// <summary>The version of every file format.</summary>
    public const int FormVersion = 1;

    public const string VocabularyFile = "vocabulary.json";
    public const string KeysDirectory = "keys";
    public const string DrawsDirectory = "drawn";

    /// <summary>The least time before the first fault, in seconds at <see cref="Pace.Demo"/>.</summary>
    public const double MinHealthyS = 60;

    public AnswerKey KeyOf(Scenario scenario) => Keys.Single(key => key.Scenario == scenario.Name);

    /// <param name="directory">The directory of the scenarios.</param>
    /// <exception cref="FixtureException">A file is missing, too large or not valid.</exception>
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

    private static CommitLibrary ReadLibrary(string directory)
    {
        var fixtures = Path.GetDirectoryName(Path.GetFullPath(directory))!;
        var commits = new List<LibraryCommit>();
        foreach (var fault in FaultCatalog.All.Where(fault => Directory.Exists(Path.Combine(fixtures, FaultsDirectory, fault.Name))))
        {
            var ofFault = ReadCommits(fixtures, FileOf(fault));
            var setsOnlyIts = ofFault.All(commit => !commit.Sets.IsEmpty && commit.Sets.Settings.All(fault.Settings.Contains));
            Require(FileOf(fault), setsOnlyIts, $"each commit must set settings of {fault.Name} and no others");
            commits.AddRange(ofFault);
        }

        var others = ReadCommits(directory, LibraryFile);
        Require(LibraryFile, others.All(commit => commit.Sets.IsEmpty), $"a commit with an effect must be in {FaultsDirectory}/NAME");
        return new CommitLibrary(FormVersion, [.. commits, .. others]);
    }

    private static IReadOnlyList<LibraryCommit> ReadCommits(string directory, string file)
    {
        var library = Read<CommitLibrary>(directory, file);
        RequireVersion(file, library.Version);
        return library.Commits;
    }

    private static string FileOf(Fault fault) => $"{FaultsDirectory}/{fault.Name}/{LibraryFile}";

    private static string FileOf(LibraryCommit commit)
    {
        var fault = FaultCatalog.All.FirstOrDefault(fault => commit.Sets.Settings.Any(fault.Settings.Contains));
        return fault is null ? LibraryFile : FileOf(fault);
    }

    private static string FileOf(Scenario scenario) => $"{scenario.Name}.json";
    private static string FileOf(ScenarioDraw draw) => $"{DrawsDirectory}/{draw.Name}.json";
    private static string FileOf(AnswerKey key) => $"{KeysDirectory}/{key.Scenario}.json";

    private static List<T> ReadAll<T>(string directory, string within, Func<T, string> nameOf)
        where T : class
    {
        var all = new List<T>();
        foreach (var file in FilesOf(directory, within))
        {
            var content = Read<T>(directory, file);
            var name = nameOf(content);
            Require(file, name == Path.GetFileNameWithoutExtension(file), $"has the name {name}, not that of the file");
            all.Add(content);
        }

        return [.. all.OrderBy(nameOf, StringComparer.Ordinal)];
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
        where T : class => FixtureReader.Read<T>(directory, file, IncidentJson.Strict).Value;

    private static void RequireVersion(string file, int version) => Require(file, version == FormVersion, $"version must be {FormVersion}");

    private void Check()
    {
        foreach (var same in Library.Commits.GroupBy(commit => commit.Id))
        {
            Require(FileOf(same.First()), same.Count() == 1, $"the id {same.Key} is not unique");
        }

        foreach (var role in Library.Commits.GroupBy(commit => commit.Role))
        {
            var (file, first) = (FileOf(role.First()), role.First());
            Require(file, role.All(commit => commit.Sets == first.Sets), $"{role.Key}: commits of a role must have the same sets");
            Require(
                file,
                role.All(commit => commit.Before.SequenceEqual(first.Before) && commit.After.SequenceEqual(first.After)),
                $"{role.Key}: commits of a role must have the same before and after");
            Require(file, role.Any(commit => commit.Reverts is null), $"{role.Key}: a role needs a commit without reverts");
        }

        CheckOrder();
        RequireVersion(VocabularyFile, Vocabulary.Version);
        foreach (var words in new[] { Vocabulary.Components, Vocabulary.Mechanisms })
        {
            Require(VocabularyFile, words.Distinct().Count() == words.Count, "has the same word twice");
            Require(VocabularyFile, words.Count >= Vocabulary.Least, $"needs at least {Vocabulary.Least} words of each kind");
        }

        var names = Scenarios.Select(scenario => scenario.Name).ToHashSet();
        foreach (var draw in Draws)
        {
            RequireVersion(FileOf(draw), draw.Version);
            Require(FileOf(draw), !names.Contains(draw.Name), "has the name of another scenario");
            Require(FileOf(draw), draw.DrawsFrom.Count > 0 && draw.DrawsFrom.All(names.Contains), "draws_from must name scenarios");
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
            Require(FileOf(key), scenario is not null, "has no scenario");
            Check(key, scenario);
        }
    }

    private void CheckOrder()
    {
        foreach (var commit in Library.Commits)
        {
            var file = FileOf(commit);
            var unknown = commit.Before.Concat(commit.After).Where(role => Library.OfRole(role).Count == 0).ToList();
            Require(file, unknown.Count == 0, $"{commit.Id}: before and after have unknown roles: {string.Join(", ", unknown)}");
            if (commit.Reverts is not null)
            {
                var isEarlier = Library.Commits.Any(other => other.Id == commit.Reverts && other.IsBefore(commit));
                Require(file, isEarlier, $"{commit.Id}: reverts must be the id of an earlier commit");
                Require(file, !commit.Sets.IsEmpty, $"{commit.Id}: a commit without an effect cannot have reverts");
            }
        }

        // Removes roles that have no role before them until none is left. The roles of a cycle are never removed.
        var roles = Library.Commits.DistinctBy(commit => commit.Role).ToList();
        for (var count = 0; count != roles.Count;)
        {
            count = roles.Count;
            roles = [.. roles.Where(role => roles.Exists(other => other.IsBefore(role)))];
        }

        Require(
            roles.Count == 0 ? LibraryFile : FileOf(roles[0]),
            roles.Count == 0,
            $"before and after form a cycle: {string.Join(", ", roles.Select(commit => commit.Role))}");
    }

    private void Check(Scenario scenario, AnswerKey key)
    {
        var file = FileOf(scenario);
        RequireVersion(file, scenario.Version);
        Check(scenario.DemoSpeedup >= 1, "demo_speedup must be 1 or more");
        Check(
            scenario.ServiceLevel is { ErrorRate: >= 0 and < 1, P95Ms: > 0 },
            "service_level must be an error rate from 0 to below 1 and a latency above 0");
        foreach (var setting in scenario.Base.Settings)
        {
            Check(setting.Allows(scenario.Base.ValueOf(setting)), $"base.{setting.Name} must be {setting.Allowed}");
        }

        var hasBursts = scenario.Base[SmallPoolFault.ExportFreeMs] > 0 && scenario.Base[SmallPoolFault.ExportHeldMs] > 0;
        Check(scenario.Base[SmallPoolFault.ExportLeases] == 0 || hasBursts, "base.export must have bursts: free_ms and held_ms above 0");
        Check(scenario.Load.Rate is >= LoadPlan.OpenLoop.MinRate and <= 50, $"load.rate must be from {LoadPlan.OpenLoop.MinRate} to 50");
        var users = scenario.Load.Users;
        Check(
            users.Count == LoadPlan.Users && users.All(weight => weight >= 0) && users.Sum() > 0,
            $"load.users must be {LoadPlan.Users} weights from 0, one of them above 0");
        Check(
            scenario.Noise is { UnknownUser: >= 0, MalformedId: >= 0 } && scenario.Noise.UnknownUser + scenario.Noise.MalformedId <= 0.5,
            "noise must be shares with a sum up to 0.5");
        Check(
            scenario.Phases.Zip(scenario.Phases.Skip(1)).All(pair => pair.First.BeginsS < pair.Second.BeginsS),
            "begins_s must increase from phase to phase");
        foreach (var phase in scenario.Phases)
        {
            var roles = phase.Commits.Where(role => role != ScenarioPhase.Decoy).ToList();
            var unknown = roles.Where(role => Library.OfRole(role).Count == 0).ToList();
            Check(phase.Commits.Count > 0, "a phase needs at least one commit");
            Check(unknown.Count == 0, $"a phase has unknown roles: {string.Join(", ", unknown)}");
            Check(
                roles.Aggregate(TraitSet.Empty, (sets, role) => sets.Then(Library.OfRole(role)[0].Sets)) == phase.Sets,
                $"sets of the phase at {phase.BeginsS} s must be those of its commits");
            var isFault = roles.Exists(role => key.Commits.Any(commit => commit.Role == role));
            Check(
                !isFault || phase.BeginsS / scenario.DemoSpeedup >= MinHealthyS,
                $"the first fault must be at least {MinHealthyS} s after the start, at the pace demo");
        }

        var named = ScenarioPhase.InOrderOfTime(scenario.Phases).Where(role => role != ScenarioPhase.Decoy).ToList();
        Check(Library.AllowsOrder(named), "the order of commits contradicts their before and after");
        CheckDecoys(file, scenario, named);
        Check(scenario.Alert.WindowS > 0 && scenario.Witness.WindowS > 0, "window_s must be above 0");
        Check(
            scenario.Alert.EarliestS <= scenario.Alert.LatestS && scenario.Alert.LatestS <= scenario.InvestigationBeginsS,
            "earliest_s, latest_s and investigation_begins_s must not decrease");
        Check(
            scenario.Phases.All(phase => phase.BeginsS < scenario.InvestigationBeginsS),
            "phases must begin before investigation_begins_s");
        Check(scenario.Witness.Kept != (scenario.Witness.Reached.Count > 0), "witness needs either reached or kept");

        void Check(bool condition, string problem) => Require(file, condition, problem);
    }

    private void CheckDecoys(string file, Scenario scenario, List<string> named)
    {
        // A random scenario adds up to three decoys, and one for each commit of a phase that is not fresh.
        var needed = scenario.Decoys.Older + scenario.Decoys.Waiting + 3
            + scenario.Phases.Sum(phase => phase.Commits.Count(role => role == ScenarioPhase.Decoy))
            + scenario.Phases.Where(phase => !phase.Fresh).Sum(phase => phase.Commits.Count);
        var fitting = Library.Decoys.Count(FitsAnywhere);
        Require(file, scenario.Decoys is { Older: >= 1, Waiting: >= 0 }, "decoys must be at least 1 older and 0 waiting");
        Require(file, needed <= fitting, $"decoys: a run may need {needed}, but {LibraryFile} has only {fitting} that fit anywhere");

        // With enough of these the planner never runs out of decoys.
        bool FitsAnywhere(LibraryCommit decoy) =>
            !named.Contains(decoy.Role)
            && Library.Decoys.Concat(named.SelectMany(Library.OfRole)).All(other => !decoy.IsBefore(other) && !other.IsBefore(decoy));
    }

    private void Check(AnswerKey key, Scenario scenario)
    {
        var file = FileOf(key);
        var shipped = scenario.Phases.SelectMany(phase => phase.Commits).ToHashSet();
        var atFault = key.Commits.Select(commit => commit.Role).ToHashSet();
        var cited = key.Evidence.Must.Concat(key.Evidence.May).Select(predicate => predicate.Role).OfType<string>();
        RequireVersion(file, key.Version);
        Check(atFault.IsSubsetOf(shipped), "commits must have roles of the phases");
        Check(
            (key.Verdict == Verdict.NothingWrong) == (atFault.Count == 0),
            "commits must be empty exactly if the verdict is nothing_wrong");
        Check(AreWords(key.Components, Vocabulary.Components), $"components must be words of {VocabularyFile}");
        Check(AreWords(key.Mechanisms, Vocabulary.Mechanisms), $"mechanisms must be words of {VocabularyFile}");
        Check(key.Commits.All(ChangesWhatItsCommitSets), "changed must be the sets of the commit");
        Check(key.MustNotBlame.Concat(cited).All(shipped.Contains), "must_not_blame and evidence must have roles of the phases");
        Check(!key.MustNotBlame.Any(atFault.Contains), "must_not_blame has a commit at fault");
        Check(
            key.HoldsUntilS is null || (key.HoldsUntilS > 0 && scenario.Base[GrowingTableFault.RowsPerS] > 0),
            "holds_until_s must be above 0, and needs a table that grows");
        Check(
            key.Evidence.Must.Count is >= 1 and <= EvidenceWanted.MaxCited,
            $"evidence.must needs 1 to {EvidenceWanted.MaxCited} predicates");

        void Check(bool condition, string problem) => Require(file, condition, problem);

        static bool AreWords(IReadOnlyList<string> words, IReadOnlyList<string> known) => words.Count > 0 && words.All(known.Contains);
    }

    private bool ChangesWhatItsCommitSets(CommitAtFault fault)
    {
        var sets = JsonSerializer.SerializeToNode(Library.OfRole(fault.Role)[0].Sets, IncidentJson.Options);
        var changed = new JsonObject(fault.Changed
            .DistinctBy(change => change.What)
            .Select(change => KeyValuePair.Create(change.What, JsonNode.Parse(change.To.GetRawText()))));
        return JsonNode.DeepEquals(sets, changed);
    }
}
