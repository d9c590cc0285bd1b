using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Grading;
using MockSre.Domain.Incidents.Running;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents;

/// <summary>What an investigator can read and do in one run. The API and the console add no rules to it.</summary>
/// <param name="score">Null for an open run, and for a run that nobody could investigate.</param>
/// <param name="run">The run under way. Null for a closed run, and for a run of another process.</param>
/// <param name="close">Closes the run as finished, and returns its score.</param>
public sealed class Investigation(
    IncidentRecord incident, Score? score, IncidentRun? run, Func<Task<Score?>> close, Vocabulary vocabulary, TimeProvider time)
{
    public const string PlayedElsewhere = "Another service plays this run";

    public IncidentRecord Incident => incident;

    /// <summary>Null until the run is closed, and for a run that nobody could investigate.</summary>
    public Score? Score { get; private set; } = score;

    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Whether the run is open in another process. It can be read, but not changed.</summary>
    public bool IsPlayedElsewhere => run is null && incident.Closed is null;

    /// <summary>The evidence as it is now, or as it was when the run was closed.</summary>
    public IncidentEvidence Evidence => new(incident, incident.Closed?.At ?? time.GetUtcNow());

    private IncidentRun Run => run ?? throw new RefusedException(IsPlayedElsewhere
        ? new(RefusalKind.NotNow, PlayedElsewhere, "Only the service that began it can act on it, diagnose it or close it.")
        : new(RefusalKind.NotNow, "Closed", "This incident is closed."));

    /// <summary>Reads a page of the log, newest line first.</summary>
    /// <exception cref="RefusedException">The release of the query is unknown or ambiguous.</exception>
    public LogPage ReadLog(LogQuery query)
    {
        var release = query.Release is null
            ? null
            : IncidentReferences.FindSha(query.Release, incident.Deploys.Select(deploy => deploy.Release))
                ?? throw IncidentReferences.UnknownRelease(query.Release);
        var lines = Evidence
            .Log(query.Before, line => (query.Level is null || line.Level == query.Level)
                && (query.TraceId is null || string.Equals(line.TraceId, query.TraceId, StringComparison.OrdinalIgnoreCase))
                && (release is null || line.Release == release))
            .Take(query.Limit + 1)
            .ToList();
        return new LogPage([.. lines.Take(query.Limit)], HasOlder: lines.Count > query.Limit);
    }

    /// <summary>Checks that the run is open on this service. The other methods check it too.</summary>
    /// <exception cref="RefusedException">The run is closed, or another process plays it.</exception>
    public void RequireOpen() => _ = Run;

    /// <exception cref="RefusedException">The action is invalid or impossible, or it is too early or too late.</exception>
    public Task<Acted> ActAsync(ActionSubmission action) => Run.ActAsync(action.Check());

    /// <summary>Takes a diagnosis. The last one counts.</summary>
    /// <exception cref="RefusedException">The diagnosis is invalid, or it is too early or too late.</exception>
    public Task<Diagnosed> DiagnoseAsync(DiagnosisSubmission diagnosis) => Run.SubmitAsync(diagnosis.Check(vocabulary));

    /// <summary>Closes the run, and waits for its <see cref="Score"/>.</summary>
    /// <exception cref="RefusedException">It is too early or too late.</exception>
    public async Task CloseAsync()
    {
        Run.RequireInvestigation();
        Score = await close().ConfigureAwait(false);
    }
}
