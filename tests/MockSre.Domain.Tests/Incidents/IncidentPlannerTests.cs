using System.Text.Json;
using MockSre.Domain.Incidents;

namespace MockSre.Domain.Tests.Incidents;

public sealed class IncidentPlannerTests
{
    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    public static TheoryData<string> Names => [.. Catalog.Scenarios.Select(scenario => scenario.Name), .. Catalog.Draws.Select(draw => draw.Name)];

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
        Assert.Contains(plan.Commits, commit => commit.Sets.AreNone && commit.AtS > newestFault);
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
        Assert.Empty(Catalog.Plan("incident_b", blind: true).Commits.Select(commit => commit.Sha).Intersect(["b71e4d8", "c95a017", "d40f3b2", "e18c5a9"]));

    [Fact]
    public void Plan_OfRandom_DrawsDifferentScenariosAndOrders()
    {
        var plans = Enumerable.Range(0, 300).Select(seed => Catalog.Plan("random", seed, blind: true)).ToList();

        Assert.Equal(Catalog.Scenarios.Count, plans.DistinctBy(plan => plan.Title).Count());
        Assert.Equal(6, plans.Where(plan => plan.Title == "Incident B").Select(plan => string.Join(' ', plan.AtFault.Select(commit => commit.Role))).Distinct().Count());
    }

    private static string Json(string name, int seed) => JsonSerializer.Serialize(Catalog.Plan(name, seed, blind: true), IncidentJson.Options);

    private static string Requests(string name, int seed) => string.Join(',', Enumerable.Range(1, 200).Select(Catalog.Plan(name, seed).UserOf));
}
