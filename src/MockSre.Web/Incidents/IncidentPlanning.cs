using System.Security.Cryptography;
using MockSre.Domain.Faults.GrowingTable;
using MockSre.Domain.Incidents.Planning;
using MockSre.Web.Load;

namespace MockSre.Web.Incidents;

/// <summary>Makes the plan of a run, and refuses runs that this service cannot play.</summary>
internal sealed class IncidentPlanning(ScenarioCatalog catalog, ServiceSettings settings, OwnProfileClient client)
{
    private readonly IncidentPlanner _planner = new(catalog);

    /// <exception cref="RefusedException">The order is invalid, or the service lacks a setting for it.</exception>
    public IncidentPlan Plan(IncidentOrder order)
    {
        var seed = order.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var plan = _planner.Plan(order.Scenario, seed, order.Pace, order.IsBlind) ?? throw UnknownScenario();
        RefuseIf(
            !settings.SignalInbox, "The inbox is off", "An incident's signals are evidence: start the service with SIGNAL_INBOX=true.");
        RefuseIf(
            client.Address is null, "No address to call", "The service listens nowhere that plain HTTP over TCP could reach.");
        RefuseIf(
            plan.IsBlind && settings.AdminToken is null, "No admin token",
            "A blind run locks everybody out who has no ADMIN_TOKEN: start the service with one.");
        RefuseIf(
            plan.Base[GrowingTableFault.RowsPerS] != 0 && settings.Database.IsInMemory, "The database is in memory",
            "A table that grows while it is read needs a file: start the service with another DATABASE_URL.");
        var (least, most) = (IncidentOrder.LeastDuration(plan), IncidentOrder.MaxMaxDuration);
        RefusedException.ThrowIf(
            order.MaxDuration < least || order.MaxDuration > most, RefusalKind.Invalid, "Not a duration",
            string.Create(
                CultureInfo.InvariantCulture,
                $"max_duration_s is a whole number from {Math.Ceiling(least.TotalSeconds)} (for this scenario at this pace) "
                + $"to {most.TotalSeconds}."));
        return plan;

        static void RefuseIf(bool condition, string title, string detail) =>
            RefusedException.ThrowIf(condition, RefusalKind.NotNow, title, detail);
    }

    private RefusedException UnknownScenario()
    {
        var names = catalog.Scenarios.Select(scenario => scenario.Name).Concat(catalog.Draws.Select(draw => draw.Name));
        return new RefusedException(RefusalKind.Invalid, "Unknown scenario", $"The scenarios are {string.Join(", ", names)}.");
    }
}
