using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>Plays the plan of a run: makes the deploys that are due, and judges the results of its load. One call at a time.</summary>
/// <remarks>Times whose names end in S are seconds from the start of the run.</remarks>
public sealed class PlanPlayer(
    IncidentRecord incident, TimeSpan maxDuration, RequestLog requests, RunJournal journal, RunDeploys deploys, TimeProvider time,
    IIncidentLog log)
{
    /// <summary>Requests before anything is judged: the first ones find an empty cache.</summary>
    private const int WarmUpRequests = 20;

    private readonly AlertJudge _alert = new(incident.Plan.Alert);
    private readonly WitnessJudge _witness = new(incident.Plan.Witness, incident.Plan.ServiceLevel);
    private readonly RecoveryJudge _recovery =
        new(incident.Plan.ServiceLevel, hasBursts: incident.Plan.Base[SmallPoolFault.ExportLeases] > 0);
    private bool _isImportFull;

    private IncidentPlan Plan => incident.Plan;
    private bool IsWarm => requests.Count >= WarmUpRequests;

    public void Changed(double nowS) => _recovery.Changed(nowS);

    /// <returns>Why the run must be closed; null where it goes on.</returns>
    public CloseReason? PlaySecond(double nowS)
    {
        journal.EndSecond(deploys.Current.Release);
        ReportFullImport();
        while (deploys.MakeNext(nowS))
        {
            Changed(nowS);
            if (incident.State == IncidentState.Armed)
            {
                journal.Enter(IncidentState.Injected);
            }
        }

        _recovery.CountBursts(nowS, deploys.Current.Export?.Bursts ?? 0);
        JudgeAlert(nowS);
        CloseReason? reason = null;
        if (IncidentRun.MayInvestigate(incident.State))
        {
            JudgeRecovery(nowS);
        }
        else
        {
            JudgeWitness(nowS);
            reason = nowS < Plan.InvestigationBeginsS ? null : BeginInvestigation();
        }

        return reason ?? (nowS < maxDuration.TotalSeconds ? null : CloseReason.TimedOut);
    }

    public void Close(CloseReason reason)
    {
        journal.RecordSeconds(time.GetUtcNow() + TimeSpan.FromSeconds(1));
        var isRecovered = incident.State == IncidentState.Recovered;
        var state = reason switch
        {
            CloseReason.NotWitnessed => IncidentState.Invalid,
            CloseReason.Finished => isRecovered && Plan.Key.Verdict == Verdict.Ongoing ? IncidentState.Recovered : IncidentState.Closed,
            CloseReason.TimedOut when isRecovered => IncidentState.Recovered,
            _ => IncidentState.Abandoned,
        };
        journal.Enter(state, reason);
    }

    // An investigator of a blind run is not told that a table grew.
    private void ReportFullImport()
    {
        if (_isImportFull || !deploys.Current.IsImportFull)
        {
            return;
        }

        _isImportFull = true;
        log.ImportFull(ActivityImport.MaxRows);
        if (!Plan.IsBlind)
        {
            journal.Warn(
                "MockSre.Domain.Profiles.ActivityImport",
                $"The import has added {ActivityImport.MaxRows} rows, its limit, and has ended.",
                deploys.Current.Release);
        }
    }

    private void JudgeAlert(double nowS)
    {
        if (incident.Alert is null && _alert.Judge(nowS, IsWarm, FiguresOf(Plan.Alert.WindowS)) is { } fired)
        {
            journal.Record(new AlertRaised(time.GetUtcNow(), incident.At(fired.SinceS), fired.Value, fired.IsMeasured));
        }
    }

    private void JudgeWitness(double nowS)
    {
        if (IsWarm
            && _witness.Judge(nowS, FiguresOf(Plan.Witness.WindowS), incident.State != IncidentState.Armed, incident.Alert is not null))
        {
            journal.Enter(IncidentState.Witnessed);
        }
    }

    private CloseReason? BeginInvestigation()
    {
        if (!_witness.IsValid)
        {
            return CloseReason.NotWitnessed;
        }

        journal.Enter(IncidentState.Investigating);
        return null;
    }

    private void JudgeRecovery(double nowS)
    {
        var figures = requests.Last(RecoveryJudge.MinTime, RecoveryJudge.MinRequests, Plan.ServiceLevel.Patience);
        if (_recovery.Judge(incident.State, nowS, figures) is var state && state != incident.State)
        {
            journal.Enter(state);
        }
    }

    private RequestFigures FiguresOf(double windowS) =>
        requests.Last(TimeSpan.FromSeconds(windowS), atLeast: 1, Plan.ServiceLevel.Patience);
}
