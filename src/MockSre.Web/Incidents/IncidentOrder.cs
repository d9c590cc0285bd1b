using MockSre.Domain.Incidents.Planning;

namespace MockSre.Web.Incidents;

/// <summary>The run that a caller wants to start.</summary>
/// <param name="Scenario">The name of a scenario.</param>
/// <param name="Seed">From 0. Null for a random one.</param>
/// <param name="IsBlind">Whether the answer is hidden from clients without the admin token.</param>
/// <param name="MaxDuration">The run is closed after this time, counted from its start.</param>
internal sealed record IncidentOrder(string Scenario, int? Seed, Pace Pace, bool IsBlind, TimeSpan MaxDuration)
{
    public static readonly TimeSpan DefaultMaxDuration = TimeSpan.FromHours(1);

    public static readonly TimeSpan MaxMaxDuration = TimeSpan.FromHours(4);

    /// <summary>Leaves a minute for the investigation.</summary>
    public static TimeSpan LeastDuration(IncidentPlan plan) => TimeSpan.FromSeconds(plan.InvestigationBeginsS + 60);
}
