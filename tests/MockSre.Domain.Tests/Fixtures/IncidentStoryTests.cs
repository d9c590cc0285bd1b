using MockSre.Domain.Faults;
using MockSre.Domain.Faults.CacheOff;
using MockSre.Domain.Faults.FullScan;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Fixtures;

/// <summary>The shipped fixture files agree with the story of the incident.</summary>
public sealed class IncidentStoryTests
{
    private const string CacheRemoved = "b71e4d8";
    private const string ScanIntroduced = "c95a017";
    private const string PoolShrunk = "d40f3b2";
    private const string Hotfix = "e18c5a9";

    private static readonly string[] Faulty = [CacheRemoved, ScanIntroduced, PoolShrunk];

    private static readonly FixtureReader Reader = new(Repository.PathOf("fixtures"));

    private readonly IReadOnlyList<DeployCommit> _commits = Reader.ReadCommits().Value;
    private readonly ConfigSnapshot _config = Reader.ReadConfig().Value;

    public static TheoryData<string> FixtureNames => ["recent_commits", "config_snapshot"];

    private IEnumerable<DeployCommit> Ordinary => _commits.Where(commit => commit.Sha != Hotfix && !Faulty.Contains(commit.Sha));

    [Theory]
    [MemberData(nameof(FixtureNames))]
    public async Task File_AgainstItsSchema_IsValid(string name)
    {
        var schema = await SchemaAsync(name);

        Assert.Empty(schema.Validate(await File.ReadAllTextAsync(PathOf(name + ".json"))));
    }

    [Theory]
    [InlineData("recent_commits", "\"sha\"", "\"hash\"")]
    [InlineData("recent_commits", CacheRemoved, "B71E4D8")]
    [InlineData("recent_commits", "Z\",", "+01:00\",")]
    [InlineData("recent_commits", "\"src/MockSre.Domain", "\"../MockSre.Domain")]
    [InlineData("config_snapshot", "\"combined\"", "\"broken\"")]
    [InlineData("config_snapshot", "[redacted]", "https://key@host/1")]
    [InlineData("config_snapshot", "\"db_pool_limit\": 2", "\"db_pool_limit\": 0")]
    [InlineData("config_snapshot", "\"env\"", "\"environment\"")]
    public async Task Schema_AFileGoneWrong_RefusesIt(string name, string good, string bad)
    {
        var schema = await SchemaAsync(name);
        var content = await File.ReadAllTextAsync(PathOf(name + ".json"));
        Assert.Contains(good, content, StringComparison.Ordinal);

        Assert.NotEmpty(schema.Validate(content.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Fact]
    public void Commits_OfTheStory_StandInItsOrder()
    {
        DateTimeOffset[] story = [At(CacheRemoved), At(ScanIntroduced), At(PoolShrunk), _config.CapturedAt, At(Hotfix)];

        Assert.All(story.Zip(story.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.First} is not before {pair.Second}"));
    }

    [Fact]
    public void Commits_BesideTheStory_AreAtLeastEightAndAroundIt()
    {
        Assert.InRange(Ordinary.Count(), 8, int.MaxValue);
        Assert.Contains(Ordinary, commit => commit.Timestamp < At(CacheRemoved));
        Assert.Contains(Ordinary, commit => commit.Timestamp > At(CacheRemoved) && commit.Timestamp < At(PoolShrunk));
        Assert.Contains(Ordinary, commit => commit.Timestamp > At(Hotfix));
    }

    [Fact]
    public void AssistedBy_FaultyCommitsAndHalfOfTheOrdinary_HaveTheTrailer()
    {
        Assert.All(Faulty, sha => Assert.True(IsAssisted(Commit(sha)), sha));
        Assert.Equal(Ordinary.Count() / 2, Ordinary.Count(IsAssisted));

        static bool IsAssisted(DeployCommit commit) =>
            commit.Message.Split("\n\n")[^1].Split('\n').Any(line => line.StartsWith("Assisted-by: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CacheRemoved, "src/MockSre.Domain/Profiles/ProfileService.cs")]
    [InlineData(
        ScanIntroduced,
        "src/MockSre.Web/Data/ProfileStore.cs",
        "src/MockSre.Web/Data/ProfileDbContext.cs",
        "src/MockSre.Web/Data/ProfileConnection.cs")]
    [InlineData(PoolShrunk, "src/MockSre.Domain/Settings/ServiceSettings.cs", "src/MockSre.Domain/Profiles/ConnectionPool.cs")]
    [InlineData(Hotfix, "src/MockSre.Domain/Settings/ServiceSettings.cs")]
    public void FilesChanged_OfTheStory_NameTheFilesWhoseFramesShow(string sha, params string[] files) =>
        Assert.Superset(files.ToHashSet(), Commit(sha).FilesChanged.ToHashSet());

    [Theory]
    [InlineData(CacheRemoved)]
    [InlineData(ScanIntroduced)]
    [InlineData(PoolShrunk)]
    public void FilesChanged_OfAFaultyCommit_AreTouchedByOrdinaryOnesToo(string sha) =>
        Assert.Contains(Ordinary, commit => commit.FilesChanged.Intersect(Commit(sha).FilesChanged).Any());

    [Fact]
    public void FilesChanged_OfEveryCommit_ExistInThisRepository() =>
        Assert.All(
            _commits.SelectMany(commit => commit.FilesChanged).Distinct(), path => Assert.True(File.Exists(Repository.PathOf(path)), path));

    [Fact]
    public void FilesAdded_OfTheCommitWithTheMigration_NameIt() =>
        Assert.Equal(
            ["src/MockSre.Web/Data/Migrations/20260310083000_IndexActivity.cs"],
            _commits.SelectMany(commit => commit.FilesAdded ?? []));

    [Theory]
    [InlineData(PoolShrunk, "DB_POOL_LIMIT", "2", "20", "DB_POOL_TIMEOUT_MS", "5000", "1000")]
    [InlineData(Hotfix, "DB_POOL_TIMEOUT_MS", "1000", "2000")]
    public void Message_OfAPoolChange_SaysWhatItChanged(string sha, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, Commit(sha).Message, StringComparison.Ordinal));

    [Fact]
    public void Messages_OfEveryCommit_NameNoFailureMode()
    {
        var names = Modes.All.Select(info => info.Name).Where(name => name.Contains('_', StringComparison.Ordinal)).Append("failure_mode");

        Assert.All(
            _commits, commit => Assert.All(names, name => Assert.DoesNotContain(name, commit.Message, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Releases_OfTheModes_AreCommitsAndNoneIsTheLastGoodOne()
    {
        var lastGood = _commits.First(commit => commit.Timestamp < At(CacheRemoved)).Sha;

        Assert.Equal([lastGood, CacheRemoved, ScanIntroduced, PoolShrunk, PoolShrunk], Modes.All.Select(info => info.Release));
    }

    [Fact]
    public async Task Config_ItsFields_AreEveryVariableAndTheTime()
    {
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(PathOf("config_snapshot.json")));

        Assert.Equal(
            ServiceSettings.Variables.Select(name => name.ToLowerInvariant()).Append("captured_at").Order(),
            json.RootElement.EnumerateObject().Select(property => property.Name).Order());
    }

    [Fact]
    public void Config_AtTheIncident_IsWhatCombinedMeans()
    {
        var combined = Modes.PlanOf(Modes.Combined, new ServiceSettings(), new FaultTimings()).Traits;

        Assert.Equal(("combined", "demo", false), (_config.FailureMode, _config.Env, _config.InjectTimeoutErrors));
        Assert.Equal((!combined[CacheOffFault.Enabled], combined[FullScanFault.Enabled]), (_config.DisableCache, _config.EnableSlowQuery));
        Assert.Equal((combined[SmallPoolFault.Limit], combined[SmallPoolFault.TimeoutMs]), (_config.DbPoolLimit, _config.DbPoolTimeoutMs));
    }

    private static string PathOf(string file) => Repository.PathOf(Path.Combine("fixtures", file));

    private static Task<NJsonSchema.JsonSchema> SchemaAsync(string name) =>
        NJsonSchema.JsonSchema.FromFileAsync(PathOf(name + ".schema.json"));

    private DeployCommit Commit(string sha) => Assert.Single(_commits, commit => commit.Sha == sha);

    private DateTimeOffset At(string sha) => Commit(sha).Timestamp;
}
