using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>A run whose import has reached its row limit.</summary>
public sealed class ImportLimitTests
{
    private static readonly ScenarioCatalog Catalog = ScenarioCatalog.Read(Repository.PathOf("fixtures/scenarios"));

    public static TheoryData<string> Names =>
        [.. Catalog.Scenarios.Select(scenario => scenario.Name).Concat(Catalog.Draws.Select(draw => draw.Name))];

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Import_AtTheLimit_IsLoggedOnceAndIsNoEvidenceOfABlindRun(bool blind, int lines)
    {
        var plan = Catalog.Plan("slow_drift", blind: blind);
        await using var play = await Play.BeginAsync(plan with { Base = plan.Base.With(GrowingTableFault.RowsPerS, 900_000) });

        play.Go(10);

        Assert.Equal(ActivityImport.MaxRows, Assert.Single(play.Log.FullImports));
        Assert.Equal(lines, play.Incident.Lines.Count(line => line.Line.Logger.EndsWith("ActivityImport", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Limit_OfEveryScenario_IsMoreThanAnHourAdds(string scenario)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            foreach (var pace in Enum.GetValues<Pace>())
            {
                var plan = new IncidentPlanner(Catalog).Plan(scenario, seed, pace, blind: false)!;

                Assert.InRange(3600 * plan.Base[GrowingTableFault.RowsPerS], 0, ActivityImport.MaxRows - 1);
            }
        }
    }
}
