using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Evidence;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Resolves the names in a diagnosis, and refuses those that the run does not have.</summary>
public static class DiagnosisCheck
{
    /// <returns>The diagnosis with full names, each once, and the evidence that it cites.</returns>
    /// <exception cref="RefusedException">A commit, evidence or repair is unknown or ambiguous.</exception>
    public static Diagnosed Resolve(IncidentRecord incident, Diagnosis diagnosis, DateTimeOffset now)
    {
        var evidence = new IncidentEvidence(incident, now);
        var cited = diagnosis.Evidence
            .Select(id => evidence.Find(id) ?? throw IncidentReferences.UnknownEvidence(id))
            .DistinctBy(item => item.Id)
            .ToList();
        var commits = diagnosis.Commits.Select(name => incident.FindCommit(name, now)?.Sha ?? throw IncidentReferences.UnknownCommit(name));
        var repair = diagnosis.Repair.Select(action => Check(incident.Resolve(action, now)));
        return new Diagnosed(
            now,
            diagnosis with
            {
                Commits = [.. commits.Distinct()],
                Evidence = [.. cited.Select(item => item.Id)],
                Repair = [.. repair.Distinct()],
            },
            cited);

        // Healthy traits have every setting: an earlier action of the list may bring back one that is not there now.
        RepairAction Check(RepairAction proposed)
        {
            if (proposed.Kind == RepairKind.SetConfig)
            {
                _ = ServiceConfig.Change(incident.Plan, FaultCatalog.Healthy, proposed.Target, proposed.Value);
            }

            return proposed;
        }
    }
}
