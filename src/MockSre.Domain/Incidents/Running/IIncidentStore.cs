using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Running;

public interface IIncidentStore
{
    Task CreateAsync(IncidentHeader header, IncidentPlan plan);

    /// <summary>Adds events after those that are kept already.</summary>
    Task AppendAsync(string id, IReadOnlyList<IncidentEvent> events);
}
