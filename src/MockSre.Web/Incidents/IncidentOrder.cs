using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Web.Incidents;

/// <summary>What a run is to be.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Seed">What chance begins with, from 0; null draws one.</param>
/// <param name="Pace">How fast it is played.</param>
/// <param name="IsBlind">Whether nothing that an investigator can reach may tell the answer.</param>
/// <param name="MaxDuration">When it is closed at the latest, from its start.</param>
internal sealed record IncidentOrder(string Scenario, int? Seed, Pace Pace, bool IsBlind, TimeSpan MaxDuration)
{
    /// <summary>Unless said otherwise.</summary>
    public static readonly TimeSpan DefaultMaxDuration = TimeSpan.FromHours(1);

    /// <summary>The longest: four hours.</summary>
    public static readonly TimeSpan MaxMaxDuration = TimeSpan.FromHours(4);

    /// <summary>The shortest: so that there is a minute for the investigation.</summary>
    public static TimeSpan LeastDuration(IncidentPlan plan) => TimeSpan.FromSeconds(plan.InvestigationBeginsS + 60);
}
