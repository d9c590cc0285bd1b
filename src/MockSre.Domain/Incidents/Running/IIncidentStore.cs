using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Where a run under way is kept: a database in the service, memory in tests of the domain.</summary>
public interface IIncidentStore
{
    /// <summary>Keeps a run that begins.</summary>
    Task CreateAsync(IncidentHeader header, IncidentPlan plan);

    /// <summary>Keeps what happened, after all that is kept already.</summary>
    Task AppendAsync(string id, IReadOnlyList<IncidentEvent> events);
}
