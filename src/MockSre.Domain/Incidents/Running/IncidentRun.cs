using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>A run under way. Construct it, then call <see cref="PrepareAsync"/> and <see cref="Start"/>.</summary>
/// <remarks>Once a second it plays its plan and judges the results of its load. In between, the investigator acts and diagnoses.</remarks>
public sealed class IncidentRun : IAsyncDisposable
{
    public const int MaxActions = 50;
    public const int MaxDiagnoses = 50;

    private readonly LoadGenerator _loads;
    private readonly IIncidentStore _store;
    private readonly TimeProvider _time;
    private readonly Action<IncidentRecord> _page;
    private readonly IIncidentLog _log;
    private readonly RequestLog _requests;
    private readonly RunJournal _journal;
    private readonly RunDeploys _deploys;
    private readonly PlanPlayer _player;
    private readonly RunTurns _turns;
    private readonly CancellationTokenSource _stop = new();

    private long _started;

    /// <param name="incident">An empty record.</param>
    /// <param name="page">Called once, when the alert fires.</param>
    public IncidentRun(
        IncidentRecord incident, TimeSpan maxDuration, FailureSwitch failures, LoadGenerator loads, IIncidentStore store,
        TimeProvider time, Action<IncidentRecord> page, IIncidentLog log)
    {
        Incident = incident;
        MaxDuration = maxDuration;
        _loads = loads;
        _store = store;
        _time = time;
        _page = page;
        _log = log;
        _requests = new RequestLog(time);
        _journal = new RunJournal(incident, store, log, time);
        _deploys = new RunDeploys(incident, failures, _journal);
        _player = new PlanPlayer(incident, maxDuration, _requests, _journal, _deploys, time, log);
        _turns = new RunTurns(_journal);
    }

    public IncidentRecord Incident { get; }

    /// <summary>The run is closed after this time, counted from its start.</summary>
    public TimeSpan MaxDuration { get; }

    /// <summary>Completes when the run is closed, its load has ended, and everything is kept that can be.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private IncidentPlan Plan => Incident.Plan;
    private double ElapsedS => _time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Stores the run and makes its first deploys. The service must have been reset, with no load running.</summary>
    public async Task PrepareAsync()
    {
        await _store.CreateAsync(IncidentHeader.Of(Incident, score: null), Plan).ConfigureAwait(false);
        _started = _time.GetTimestamp();
        _journal.Record(new StateChanged(Incident.StartedAt, IncidentState.Armed, null));
        _deploys.Begin();
    }

    public void Start()
    {
        if (!_loads.TryStart(new LoadPlan.OpenLoop(Plan.Load.Rate, Plan.UserOf), out var load, _requests))
        {
            throw new InvalidOperationException("A load was running although everything had been stopped.");
        }

        // The run outlives the call that starts it.
        using var apart = ExecutionContext.SuppressFlow();
        Completion = PlayAsync(load);
        _turns.Open();
    }

    /// <summary>Whether a deployment was made by this run, and the run is open.</summary>
    public bool Owns(long deployment) => !_journal.IsClosed && _deploys.IsOwn(deployment);

    /// <summary>Counts a request that met a deployment of this run.</summary>
    public void Count(string release, in RequestSample sample) => _journal.Count(release, sample);

    public void Log(Logged line) => _journal.RecordLine(line);

    /// <summary>Records a signal of the service, unless it is of a deployment that this run has not made.</summary>
    public void Tell(SignalEntry entry)
    {
        if (entry.Signals.Any(signal => signal.Deployment is { } number && Owns(number)))
        {
            _journal.RecordSignal(entry);
        }
    }

    /// <exception cref="RefusedException">The action is impossible, or impossible now.</exception>
    public Task<Acted> ActAsync(RepairAction action) => _turns.TakeAsync(() =>
    {
        RequireInvestigation();
        RefusedException.ThrowIf(
            Incident.Actions.Count == MaxActions, RefusalKind.NotNow, "Too many actions", $"A run takes {MaxActions} actions.");
        action = Incident.Resolve(action, _time.GetUtcNow());
        var deploy = _deploys.Make(action);
        _player.Changed(ElapsedS);
        if (Incident.State == IncidentState.Recovered)
        {
            _journal.Enter(IncidentState.Investigating);
        }

        var acted = new Acted(_time.GetUtcNow(), Incident.Actions.Count + 1, action, deploy);
        _journal.Record(acted);
        return acted;
    });

    /// <exception cref="RefusedException">The diagnosis names something unknown, or is too early or too late.</exception>
    public Task<Diagnosed> SubmitAsync(Diagnosis diagnosis) => _turns.TakeAsync(() =>
    {
        RequireInvestigation();
        RefusedException.ThrowIf(
            Incident.Diagnoses.Count == MaxDiagnoses, RefusalKind.NotNow, "Too many diagnoses", $"A run takes {MaxDiagnoses} diagnoses.");
        var diagnosed = DiagnosisCheck.Resolve(Incident, diagnosis, _time.GetUtcNow());
        _journal.Record(diagnosed);
        return diagnosed;
    });

    /// <summary>Whether a run in this state takes actions, diagnoses and the close of the investigator.</summary>
    public static bool MayInvestigate(IncidentState state) => state is IncidentState.Investigating or IncidentState.Recovered;

    /// <exception cref="RefusedException">It is too early or too late. The refusal does not say what the run waits for.</exception>
    public void RequireInvestigation()
    {
        RefusedException.ThrowIf(_journal.IsClosed, RefusalKind.NotNow, "Closed", "This incident is closed.");
        RefusedException.ThrowIf(
            !MayInvestigate(Incident.State),
            RefusalKind.TooEarly,
            "Too early",
            Incident.Alert is null ? "Nothing has been paged yet." : "The investigation has not begun yet. Try again in a few seconds.");
    }

    /// <summary>Closes the run and waits for its <see cref="Completion"/>. A closed run stays as it is.</summary>
    public async Task CloseAsync(CloseReason reason)
    {
        await _turns.TakeAsync(() => Close(reason)).ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Whether every event is in the store, once the run has come to its <see cref="Completion"/>.</summary>
    public bool IsKept => _journal.IsKept;

    public async Task<bool> TryKeepAsync()
    {
        await _turns.TakeAsync(() => true).ConfigureAwait(false);
        return IsKept;
    }

    public async ValueTask DisposeAsync() => await CloseAsync(CloseReason.Restarted).ConfigureAwait(false);

    private async Task PlayAsync(LoadRun load)
    {
        var paged = false;
        try
        {
            for (var second = 1; !_journal.IsClosed; second++)
            {
                var left = TimeSpan.FromSeconds(second) - _time.GetElapsedTime(_started);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, _stop.Token).ConfigureAwait(false);
                await _turns.TakeAsync(PlaySecond).ConfigureAwait(false);
                if (!paged && Incident.Alert is not null)
                {
                    paged = true;
                    Page();
                }
            }
        }
        catch (OperationCanceledException) when (_journal.IsClosed)
        {
            // Closed by another caller while the loop waited.
        }
        finally
        {
            await load.CancelAsync().ConfigureAwait(false);
        }

        // The turn that closed the run may have failed to keep its events: one more try.
        await TryKeepAsync().ConfigureAwait(false);
    }

    private void PlaySecond()
    {
        if (!_journal.IsClosed && _player.PlaySecond(ElapsedS) is { } reason)
        {
            Close(reason);
        }
    }

    private void Page()
    {
        try
        {
            _page(Incident);
        }
        catch (Exception e)
        {
            // A run goes on when its page fails.
            _log.PageFailed(e);
        }
    }

    private void Close(CloseReason reason)
    {
        if (!_journal.IsClosed)
        {
            _player.Close(reason);
            _stop.Cancel();
        }
    }
}
