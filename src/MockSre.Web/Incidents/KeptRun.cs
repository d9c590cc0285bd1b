using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Running;

namespace MockSre.Web.Incidents;

/// <summary>A run as it was read from its database.</summary>
/// <param name="Header">The run in short. Once it says closed, all events are kept.</param>
/// <param name="Incident">What its events add up to.</param>
/// <param name="LastBatch">The number of the last batch of events that was read.</param>
internal sealed record KeptRun(IncidentHeader Header, IncidentRecord Incident, int LastBatch)
{
    /// <summary>Whether nothing of it changes any more.</summary>
    public bool IsFinal => Header.ClosedAt is not null;
}
