using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Tests.Incidents;

public sealed class ForbiddenWordsTests
{
    private static readonly ForbiddenWords Words = ForbiddenWords.Read(Repository.PathOf(ForbiddenWords.File));

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    public static TheoryData<string> Names =>
        [.. Catalog.Scenarios.Select(scenario => scenario.Name), .. Catalog.Draws.Select(draw => draw.Name)];

    [Theory]
    [InlineData("the pool is at fault")]
    [InlineData("FAULTY")]
    [InlineData("PoolFault")]
    [InlineData("commits_at_fault")]
    [InlineData("{\"mode\":\"cache_off\"}")]
    [InlineData("X-Failure-Mode: none")]
    [InlineData("an injected timeout")]
    [InlineData("setInjectTimeouts")]
    [InlineData("simulating")]
    [InlineData("data-scenario=1")]
    [InlineData("value=\"CfDJ8KUoj_S_8eW4\" data-scenario=1")]
    public void In_TextWithAForbiddenWord_FindsIt(string text) => Assert.Single(Words.In(text));

    [Theory]
    [InlineData("the default")]
    [InlineData("DEFAULT")]
    [InlineData("alarmed, in memo, portrait")]
    [InlineData("nothing at all")]
    [InlineData("value=\"CfDJ8KUojEC_S_DEMOeW4\"")]
    [InlineData("")]
    public void In_TextWithoutOne_FindsNone(string text) => Assert.Empty(Words.In(text));

    [Fact]
    public void In_TextWithSeveral_TellsEachWithWhatIsAroundIt() =>
        Assert.Equal(
            ["chaos: some chaos and a decoy", "decoy: some chaos and a decoy"],
            new ForbiddenWords(["# chaos is the first", "", "  chaos ", "decoy"]).In("some chaos and a decoy"));

    [Fact]
    public void List_HasNoWordTwice() => Assert.Equal(Words.All.Order(), Words.All.Distinct().Order());

    [Fact]
    public void List_CoversModesTraitsScenariosAndSwitches()
    {
        // A real service would have these settings too.
        string[] honest =
            ["pool_limit", "pool_timeout_ms", "export.leases", "export.free_ms", "export.held_ms"];
        var blind = Catalog.Plan("incident_b", blind: true);
        var labelled = Catalog.Plan("incident_b");
        string[] telling =
        [
            .. Modes.All.Where(mode => !mode.IsHealthy).Select(mode => mode.Name),
            .. FaultCatalog.Settings.Select(setting => setting.Name).Except(honest),
            .. Catalog.Scenarios.Select(scenario => scenario.Name),
            .. Catalog.Draws.Select(draw => draw.Name),
            .. ServiceConfig.Of(labelled, Healthy(labelled)).Keys.Except(ServiceConfig.Of(blind, Healthy(blind)).Keys),
        ];

        Assert.InRange(telling.Length, 18, int.MaxValue);
        Assert.All(telling, word => Assert.NotEmpty(Words.In(word)));
    }

    [Fact]
    public void List_HasNothingThatADiagnosisOrAnHonestServiceSays()
    {
        var plan = Catalog.Plan("incident_b", blind: true);
        string[] open =
        [
            .. Catalog.Vocabulary.Components,
            .. Catalog.Vocabulary.Mechanisms,
            .. Enum.GetValues<Verdict>().Select(IncidentWords.Of<Verdict>),
            .. Enum.GetValues<RepairKind>().Select(IncidentWords.Of<RepairKind>),
            .. Enum.GetValues<EvidenceKind>().Select(IncidentWords.Of<EvidenceKind>),
            .. ServiceConfig.Of(plan, Healthy(plan)).Keys,
        ];

        Assert.All(open, word => Assert.Empty(Words.In(word)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_WhatItsCommitsAndItsAlertSay_HasNone(string name)
    {
        foreach (var plan in Enumerable.Range(0, 50).Select(seed => Catalog.Plan(name, seed, blind: true)))
        {
            Assert.All(plan.Commits, AssertHasNone);
            Assert.Empty(Words.In($"{plan.Alert.Name} {plan.Alert.Summary}"));
        }
    }

    [Fact]
    public void Library_WhatItsCommitsSay_HasNone() => Assert.All(
        Catalog.Library.Commits,
        commit => Assert.Empty(new[] { commit.Author, commit.Message, commit.PullRequest, commit.Diff }.SelectMany(Words.In)));

    private static void AssertHasNone(PlannedCommit commit) => Assert.Empty(
        new[] { commit.Sha, commit.Author, commit.Message, commit.PullRequest, commit.Diff, string.Join(' ', commit.Files) }
            .SelectMany(Words.In));

    private static TraitSet Healthy(IncidentPlan plan) => plan.TraitsOf([], TraitSet.Empty);

    private static IEnumerable<string> Members<T>() =>
        IncidentJson.Strict.GetTypeInfo(typeof(T)).Properties.Where(member => member.Set is not null).Select(member => member.Name);
}
