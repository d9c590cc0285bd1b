using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>The shipped scenarios.</summary>
internal static class Scenarios
{
    public static ScenarioCatalog Catalog { get; } = ScenarioCatalog.Read(Path.Combine(AppContext.BaseDirectory, "fixtures", "scenarios"));

    /// <summary>A plan of Incident B.</summary>
    public static IncidentPlan IncidentB { get; } = PlanOf("incident_b");

    public static IncidentPlan PlanOf(string scenario) => new IncidentPlanner(Catalog).Plan(scenario, 1, Pace.Demo, blind: false)!;
}
