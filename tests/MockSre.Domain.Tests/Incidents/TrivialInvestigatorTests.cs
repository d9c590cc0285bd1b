using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using Xunit.Abstractions;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>The scores of investigators that read no evidence, on played runs.</summary>
public sealed class TrivialInvestigatorTests(ITestOutputHelper output)
{
    private const double Most = 0.35;

    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Total_OverTheShippedScenariosTogether_ExceedsItsLimitForNobody(int seed)
    {
        var scores = new List<Score>();
        foreach (var name in Catalog.Scenarios.Select(scenario => scenario.Name))
        {
            await using var play = await Play.BeginAsync(Catalog.Plan(name, seed, blind: true));
            play.Go(play.Incident.Plan.InvestigationBeginsS + 2);
            await play.DoAsync(run => run.CloseAsync(CloseReason.Finished));
            scores.Add(Grader.Grade(play.Incident, ConstantAnswer.BestFor(Catalog))!);
            output.WriteLine($"{name}: {string.Join(", ", scores[^1].Beside.Select(beside => $"{beside.Name} {beside.Total}"))}");
        }

        var means = scores.SelectMany(score => score.Beside).GroupBy(beside => beside.Name, beside => beside.Total).ToDictionary(
            group => group.Key, Enumerable.Average);
        output.WriteLine($"together: {string.Join(", ", means.Select(mean => $"{mean.Key} {mean.Value:F3}"))}");
        Assert.Equal(7, means.Count);
        Assert.All(means, mean => Assert.InRange(mean.Value, 0, Most));
    }

    [Fact]
    public void BestFor_TheShippedScenarios_IsWhatMostOfThemHave()
    {
        var constant = ConstantAnswer.BestFor(Catalog);

        Assert.Equal((Verdict.Ongoing, "activity_query", "full_table_scan"), (constant.Verdict, constant.Component, constant.Mechanism));
        Assert.Equal(new RepairAction(RepairKind.Rollback, "2", null), Assert.Single(constant.Repair));
    }
}
