using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Testing;

public static class PlayedPlans
{
    /// <summary>The plan of a scenario at the pace of played runs.</summary>
    public static IncidentPlan Plan(this ScenarioCatalog catalog, string name, int seed = 1, bool blind = false) =>
        new IncidentPlanner(catalog).Plan(name, seed, Pace.Demo, blind)!;
}
