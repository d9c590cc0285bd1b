using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Tests.Incidents;

public sealed partial class IncidentPlannerTests
{
    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    public static TheoryData<string> Names =>
        [.. Catalog.Scenarios.Select(scenario => scenario.Name), .. Catalog.Draws.Select(draw => draw.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_OfTheSameSeed_IsTheSame(string name)
    {
        Assert.Equal(Json(name, 7), Json(name, 7));
        Assert.NotEqual(Json(name, 7), Json(name, 8));
        Assert.Equal(Requests(name, 7), Requests(name, 7));
        Assert.NotEqual(Requests(name, 7), Requests(name, 8));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_AtThePaceDemo_IsHealthyForAMinuteAndOverInTwoAndAHalf(string name)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var plan = Catalog.Plan(name, seed, blind: true);
            Assert.True(plan.Deploys.Where(deploy => deploy.AtS > 0).Min(deploy => deploy.AtS) >= ScenarioCatalog.MinHealthyS);
            Assert.InRange(plan.Alert.EarliestS, ScenarioCatalog.MinHealthyS, 150);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_ItsCommits_AreHoursOlderThanTheirDeploysButForFreshOnes(string name)
    {
        var plan = Catalog.Plan(name, 3, blind: true);

        Assert.Equal(plan.Commits.Count, plan.Commits.DistinctBy(commit => commit.Sha).Count());
        foreach (var deploy in plan.Deploys)
        {
            Assert.Equal(deploy.Release, deploy.Ships[^1]);
            Assert.All(deploy.Ships, sha => Assert.True(plan.Find(sha)!.AtS < deploy.AtS));
        }

        Assert.All(plan.AtFault, commit => Assert.True(commit.AtS < -3600));
        var newestFault = plan.AtFault.Select(commit => commit.AtS).DefaultIfEmpty(double.MinValue).Max();
        Assert.Contains(plan.Commits, commit => commit.Sets.IsEmpty && commit.AtS > newestFault);
    }

    [Fact]
    public async Task Plan_FromThePageToTheInvestigation_TakesAsLongAsTheDocsSay()
    {
        var docs = await File.ReadAllTextAsync(Repository.PathOf("docs/investigating.md"));
        var said = AfterThePage().Match(docs);

        var plans = Catalog.Scenarios.Select(scenario => Catalog.Plan(scenario.Name))
            .Concat(Catalog.Draws.SelectMany(draw => Enumerable.Range(1, 200).Select(seed => Catalog.Plan(draw.Name, seed))))
            .ToList();

        Assert.Equal(Seconds(1), plans.Min(plan => plan.InvestigationBeginsS - plan.Alert.LatestS), 6);
        Assert.Equal(Seconds(2), plans.Max(plan => plan.InvestigationBeginsS - plan.Alert.EarliestS), 6);

        double Seconds(int group) => double.Parse(said.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Plan_OfIncidentBWithLabels_HasTheStorysShas()
    {
        var plan = Catalog.Plan("incident_b");

        Assert.Equal(["b71e4d8", "c95a017", "d40f3b2"], plan.AtFault.Select(commit => commit.Sha));
        Assert.Equal("e18c5a9", plan.Deploys[^1].Release);
    }

    [Fact]
    public void Plan_OfIncidentBBlind_HasOthers() =>
        Assert.Empty(Catalog.Plan("incident_b", blind: true).Commits
            .Select(commit => commit.Sha)
            .Intersect(["b71e4d8", "c95a017", "d40f3b2", "e18c5a9"]));

    [Fact]
    public void Plan_OfRandom_DrawsDifferentScenariosAndOrders()
    {
        var plans = Enumerable.Range(0, 300).Select(seed => Catalog.Plan("random", seed, blind: true)).ToList();

        Assert.Equal(Catalog.Scenarios.Count, plans.DistinctBy(plan => plan.Title).Count());
        var incidentB = plans.Where(plan => plan.Title == "Incident B");
        Assert.Equal(6, incidentB.Select(plan => string.Join(' ', plan.AtFault.Select(commit => commit.Role))).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_ItsCommits_AreInAnOrderInWhichTheirDiffsMakeSense(string name)
    {
        foreach (var plan in PlansOf(name))
        {
            var commits = plan.Commits.Select(InLibrary).ToList();
            Assert.All(commits, (later, i) => Assert.DoesNotContain(commits[..i], earlier => later.IsBefore(earlier)));
            Assert.All(
                commits.Select((commit, i) => (commit.Reverts, Earlier: commits[..i])).Where(commit => commit.Reverts is not null),
                commit => Assert.Contains(commit.Earlier, earlier => earlier.Id == commit.Reverts));
            Assert.Equal(commits.Count, commits.DistinctBy(commit => commit.Id).Count());
            Assert.Null(UnifiedDiff.Contradiction(commits));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_ItsDecoys_AreAsManyAsTheScenarioAsksForAndSomeNewerThanTheFaults(string name)
    {
        foreach (var plan in PlansOf(name))
        {
            var scenario = Catalog.Scenarios.Single(scenario => scenario.Title == plan.Title);
            var decoys = plan.Commits.Where(commit => commit.Sets.IsEmpty).ToList();
            var most = scenario.Decoys.Older
                + scenario.Decoys.Waiting
                + scenario.Phases.Sum(phase => phase.Commits.Count(role => role == ScenarioPhase.Decoy));
            Assert.InRange(decoys.Count, most, name == scenario.Name ? most : int.MaxValue);
            Assert.Contains(decoys, decoy => plan.AtFault.All(fault => fault.AtS < decoy.AtS));
            Assert.Contains(decoys, decoy => plan.AtFault.All(fault => fault.AtS > decoy.AtS));
            Assert.All(plan.AtFault, fault => Assert.Contains(decoys, decoy => decoy.Files.Intersect(fault.Files).Any()));
        }
    }

    [Fact]
    public void Plan_OfRandom_HasItsFaultsAtNoTellingPlace()
    {
        // Places are counted from the newest commit. An investigator could learn a place that is always or never at fault.
        var plans = PlansOf("random").Where(plan => plan.AtFault.Count > 0).ToList();
        var places = plans
            .SelectMany(plan => plan.AtFault.Select(fault => plan.Commits.Count - plan.Commits.ToList().IndexOf(fault)))
            .CountBy(place => place)
            .ToDictionary();

        Assert.False(places.ContainsKey(1));
        Assert.All(places.Values, count => Assert.InRange(count, 1, plans.Count / 2));
        Assert.InRange(places.Count, 6, int.MaxValue);
    }

    [Fact]
    public void Plan_OfRandom_ShufflesFaultsOnlyAsTheLibraryAllows()
    {
        // The shipped library does not order the faults. Here one of them must be older than another.
        var ordered = Catalog with
        {
            Library = Catalog.Library with
            {
                Commits =
                [
                    .. Catalog.Library.Commits.Select(commit =>
                        commit.Role == "cache_removed" ? commit with { Before = ["pool_cut"] } : commit),
                ],
            },
        };
        var orders = Enumerable.Range(0, 300)
            .Select(seed => ordered.Plan("random", seed, blind: true))
            .Where(plan => plan.Title == "Incident B")
            .Select(plan => plan.AtFault.Select(fault => fault.Role).ToList())
            .ToList();

        Assert.All(orders, order => Assert.True(order.IndexOf("cache_removed") < order.IndexOf("pool_cut")));
        Assert.Equal(3, orders.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    [Fact]
    public void Plan_WhereAPhaseNamesADecoy_DoesNotDrawItAsWell()
    {
        var named = Catalog with
        {
            Scenarios =
            [
                .. Catalog.Scenarios.Select(scenario => scenario with
                {
                    Phases =
                    [
                        .. scenario.Phases.Select((phase, i) =>
                            i == 0 ? phase with { Commits = [.. phase.Commits, "error_title"] } : phase),
                    ],
                }),
            ],
        };

        Assert.All(
            Enumerable.Range(0, 100).Select(seed => named.Plan("noisy_alert", seed)),
            plan => Assert.Single(plan.Commits, commit => commit.Role == "error_title"));
    }

    private static IEnumerable<IncidentPlan> PlansOf(string name) =>
        Enumerable.Range(0, 200).Select(seed => Catalog.Plan(name, seed / 2, blind: seed % 2 == 1));

    private static LibraryCommit InLibrary(PlannedCommit planned) =>
        Catalog.Library.Commits.Single(commit => commit.Role == planned.Role && commit.Diff == planned.Diff);

    private static string Json(string name, int seed) =>
        JsonSerializer.Serialize(Catalog.Plan(name, seed, blind: true), IncidentJson.Options);

    private static string Requests(string name, int seed) =>
        string.Join(',', Enumerable.Range(1, 200).Select(Catalog.Plan(name, seed).UserOf));

    [GeneratedRegex("begins ([0-9]+) to ([0-9]+) seconds after the alert at the pace `demo`")]
    private static partial Regex AfterThePage();
}
