using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Evidence;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Resolves the names in a diagnosis, and refuses those that the run does not have.</summary>
public static class DiagnosisCheck
{
    /// <param name="incident">The run.</param>
    /// <param name="traits">The traits that are deployed.</param>
    /// <param name="diagnosis">The diagnosis as it was submitted.</param>
    /// <param name="now">When it was submitted, UTC.</param>
    /// <returns>The diagnosis with full names, each once, and the evidence that it cites.</returns>
    /// <exception cref="IncidentRefusedException">A commit, evidence or repair is unknown or ambiguous.</exception>
    public static Diagnosed Resolve(IncidentRecord incident, Traits traits, Diagnosis diagnosis, DateTimeOffset now)
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

        // A setting is also accepted if only an earlier action of the list would bring it back.
        RepairAction Check(RepairAction proposed)
        {
            if (proposed.Kind == RepairKind.SetConfig)
            {
                _ = ServiceConfig.Change(incident.Plan, traits with { CacheEnabled = true }, proposed.Target, proposed.Value);
            }

            return proposed;
        }
    }
}
