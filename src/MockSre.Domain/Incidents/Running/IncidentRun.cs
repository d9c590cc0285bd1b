using System.Globalization;
using MockSre.Domain.Faults;
using MockSre.Domain.Incidents.Catalog;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Signals;
using MockSre.Domain.Traffic;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Running;

/// <summary>
/// A run under way: plays its plan once a second, measures what the clients of its load see, and does what whoever investigates asks for. All that happens
/// goes into its incident, and from there to where runs are kept.
/// </summary>
public sealed class IncidentRun : IAsyncDisposable
{
    /// <summary>How long the service level must have been kept, by the wall clock at any pace, for a run to have recovered.</summary>
    public static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(30);

    /// <summary>Requests that must have kept it meanwhile.</summary>
    public const int RecoveryRequests = 150;

    /// <summary>Bursts of the export that must have come and gone meanwhile.</summary>
    public const int RecoveryBursts = 2;

    /// <summary>Actions that a run takes.</summary>
    public const int MaxActions = 50;

    /// <summary>Diagnoses that a run takes.</summary>
    public const int MaxDiagnoses = 50;

    /// <summary>Lines of the log, and signals, that are taken of one second; the rest is counted, so that no load fills a disk. The load of a shipped scenario makes fewer than thirty.</summary>
    public const int MaxPerSecond = 200;

    /// <summary>
    /// Bytes of log lines and signals that may wait while they cannot be kept. Beyond, the oldest tenth of them is dropped and counted. All
    /// else waits without a limit of its own: a run has few states, deploys, actions and diagnoses, and at most four hours of seconds.
    /// </summary>
    public const long MaxWaitingBytes = 256 * 1024 * 1024;

    /// <summary>Events that are kept at once. Where many wait, a store that fails is not given all of them each second.</summary>
    private const int BatchSize = 1000;

    private const string Logger = "MockSre.Domain.Incidents.Log";

    /// <summary>Requests before anything is judged: the first ones find an empty cache.</summary>
    private const int FirstRequests = 20;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FailureSwitch _failures;
    private readonly IIncidentStore _store;
    private readonly TimeProvider _time;
    private readonly Action<IncidentRecord> _page;
    private readonly IIncidentLog _log;
    private readonly RequestLog _requests;
    private readonly LoadRun _load;
    private readonly SecondCounter _counter = new();

    // Nothing has a turn before the run has begun: who hears of it earlier waits.
    private readonly SemaphoreSlim _gate = new(initialCount: 0, maxCount: 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _eventsGate = new();
    private readonly long _started;

    // While it is open nobody else deploys: so every deployment from here on is its own, also before it has been taken down.
    private readonly long _firstDeployment;
    private readonly Queue<double> _bursts = new();
    private readonly List<IncidentEvent> _unkept = [];
    private long _waitingBytes;
    private int _droppedLines;
    private int _droppedSignals;
    private bool _keepingFails;
    private bool _importFull;
    private IReadOnlyList<string> _inEffect = [];
    private TraitChanges _config = TraitChanges.None;
    private Deployment _current = null!;
    private int _linesThisSecond;
    private int _signalsThisSecond;
    private int _burstsSeen;
    private int _nextDeploy;
    private double _changedAtS;
    private double? _conditionSinceS;
    private bool _witnessed;
    private bool _levelBroken;
    private volatile bool _closed;

    private IncidentRun(
        IncidentRecord incident,
        TimeSpan maxDuration,
        FailureSwitch failures,
        LoadGenerator loads,
        IIncidentStore store,
        TimeProvider time,
        Action<IncidentRecord> page,
        IIncidentLog log,
        Action<IncidentRun>? deployed)
    {
        Incident = incident;
        MaxDuration = maxDuration;
        _failures = failures;
        _store = store;
        _time = time;
        _page = page;
        _log = log;
        _started = time.GetTimestamp();
        _requests = new RequestLog(time);
        _firstDeployment = failures.Current.Number + 1;
        Record(new StateChanged(incident.StartedAt, IncidentState.Armed, null));
        while (_nextDeploy < Plan.Deploys.Count && Plan.Deploys[_nextDeploy].AtS <= 0)
        {
            // Made before the run, in the story: only the last one is in force now.
            Ship(Plan.Deploys[_nextDeploy++], publish: _nextDeploy == Plan.Deploys.Count || Plan.Deploys[_nextDeploy].AtS > 0);
        }

        deployed?.Invoke(this);
        if (!loads.TryStart(new LoadPlan.OpenLoop(Plan.Load.Rate, Plan.UserOf), out _load, _requests))
        {
            throw new InvalidOperationException("A load was running although everything had been stopped.");
        }

        // It outlives the call that began it, and is no part of it.
        using var apart = ExecutionContext.SuppressFlow();
        Completion = PlayAsync();
        _gate.Release();
    }

    /// <summary>All that is known of it.</summary>
    public IncidentRecord Incident { get; }

    /// <summary>When it is closed at the latest, from its start.</summary>
    public TimeSpan MaxDuration { get; }

    /// <summary>Its end: closed, its load ended, and everything kept that can be.</summary>
    public Task Completion { get; }

    /// <summary>Whether all that has happened is kept, once it has come to its <see cref="Completion"/>.</summary>
    public bool IsKept => CountUnkept() == 0;

    /// <summary>Tries again to keep what could not be kept.</summary>
    /// <returns>Whether all is kept now.</returns>
    public async Task<bool> TryKeepAsync()
    {
        await InTurnAsync(() => true).ConfigureAwait(false);
        return IsKept;
    }

    private IncidentPlan Plan => Incident.Plan;

    private double ElapsedS => _time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Begins a run. The service must have been reset, with no load running.</summary>
    /// <param name="incident">An empty one.</param>
    /// <param name="maxDuration">When it is closed at the latest.</param>
    /// <param name="failures">Where it deploys.</param>
    /// <param name="loads">Where its load runs.</param>
    /// <param name="store">Where it is kept.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="page">Called once, when the alert rings.</param>
    /// <param name="log">Takes notes of trouble.</param>
    /// <param name="deployed">Hears of the run as soon as what it begins with is deployed, before its first request.</param>
    public static async Task<IncidentRun> BeginAsync(
        IncidentRecord incident,
        TimeSpan maxDuration,
        FailureSwitch failures,
        LoadGenerator loads,
        IIncidentStore store,
        TimeProvider time,
        Action<IncidentRecord> page,
        IIncidentLog log,
        Action<IncidentRun>? deployed = null)
    {
        await store.CreateAsync(IncidentHeader.Of(incident, score: null), incident.Plan).ConfigureAwait(false);
        return new IncidentRun(incident, maxDuration, failures, loads, store, time, page, log, deployed);
    }

    /// <summary>Whether a deployment is one of its own.</summary>
    public bool Owns(long deployment) => !_closed && deployment >= _firstDeployment;

    /// <summary>A request that met one of its deployments has ended.</summary>
    public void Count(string release, in RequestSample sample) => _counter.Count(release, sample, _time.GetUtcNow());

    /// <summary>The service writes a line to its log.</summary>
    public void Log(Logged line)
    {
        if (Interlocked.Increment(ref _linesThisSecond) <= MaxPerSecond)
        {
            Record(line);
        }
    }

    /// <summary>The service tells a signal; those that are not of one of its deployments are none of its.</summary>
    public void Tell(SignalEntry entry)
    {
        if (entry.Signals.Any(signal => signal.Deployment is { } number && Owns(number)) && Interlocked.Increment(ref _signalsThisSecond) <= MaxPerSecond)
        {
            Record(new SignalTold(entry.ReceivedAt, entry.Bytes.ToArray()));
        }
    }

    /// <summary>Does what whoever investigates wants done.</summary>
    /// <returns>What was done.</returns>
    /// <exception cref="IncidentRefusedException">It cannot be done, or not now.</exception>
    public Task<Acted> ActAsync(RepairAction action) => InTurnAsync(() =>
    {
        RequireInvestigation();
        Require(Incident.Actions.Count < MaxActions, RefusalKind.NotNow, "Too many actions", $"A run takes {MaxActions} actions.");
        var number = Incident.Deploys.Count + 1;
        action = Named.Canonical(Incident, action, _time.GetUtcNow());
        switch (action.Kind)
        {
            case RepairKind.Rollback:
                var deploy = Named.Deploy(Incident, action.Target)!;
                Deploy(number, deploy.Release, DeployCause.Rollback, [], deploy.InEffect, ChangeSource.Investigator);
                break;
            case RepairKind.Revert:
                Require(_inEffect.Contains(action.Target), RefusalKind.NotNow, "Not deployed", "The commit is not part of what is deployed.");
                Deploy(number, RevertRelease(number), DeployCause.Revert, [], [.. _inEffect.Where(sha => sha != action.Target)], ChangeSource.Investigator);
                break;
            case RepairKind.SetConfig:
                _config = _config.Then(ServiceConfig.Change(Plan, Plan.TraitsOf(_inEffect, _config), action.Target, action.Value));
                Deploy(number, _current.Release, DeployCause.Config, [], _inEffect, ChangeSource.Investigator);
                break;
            case RepairKind.Restart:
                Deploy(number, _current.Release, DeployCause.Restart, [], _inEffect, ChangeSource.Investigator);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }

        if (Incident.State == IncidentState.Recovered)
        {
            Enter(IncidentState.Investigating);
        }

        var acted = new Acted(_time.GetUtcNow(), Incident.Actions.Count + 1, action, number);
        Record(acted);
        return acted;
    });

    /// <summary>Takes what whoever investigates says happened; the last one counts.</summary>
    /// <exception cref="IncidentRefusedException">It cannot be taken, or not now.</exception>
    public Task<Diagnosed> SubmitAsync(Diagnosis diagnosis) => InTurnAsync(() =>
    {
        RequireInvestigation();
        Require(Incident.Diagnoses.Count < MaxDiagnoses, RefusalKind.NotNow, "Too many diagnoses", $"A run takes {MaxDiagnoses} diagnoses.");
        var now = _time.GetUtcNow();
        var evidence = new EvidenceIndex(Incident, now);
        var cited = diagnosis.Evidence
            .Select(id => evidence.Find(id) ?? throw Named.UnknownEvidence(id))
            .DistinctBy(item => item.Id)
            .ToList();
        var diagnosed = new Diagnosed(
            now,
            diagnosis with
            {
                Commits = [.. diagnosis.Commits
                    .Select(name => Named.Commit(Incident, name, now)?.Sha ?? throw Named.UnknownCommit(name))
                    .Distinct()],
                Evidence = [.. cited.Select(item => item.Id)],
                Repair = [.. diagnosis.Repair.Select(action => Checked(Named.Canonical(Incident, action, now))).Distinct()],
            },
            cited);
        Record(diagnosed);
        return diagnosed;
    });

    // Also a setting that only an earlier action of the list would bring back.
    private RepairAction Checked(RepairAction proposed)
    {
        if (proposed.Kind == RepairKind.SetConfig)
        {
            _ = ServiceConfig.Change(Plan, _current.Traits with { CacheEnabled = true }, proposed.Target, proposed.Value);
        }

        return proposed;
    }

    /// <summary>Refuses what only an investigation may do, before it and after.</summary>
    /// <exception cref="IncidentRefusedException">It is too early, or too late; whoever asks is not told what it waits for.</exception>
    public void RequireInvestigation()
    {
        Require(!_closed, RefusalKind.NotNow, "Closed", "This incident is closed.");
        Require(
            Incident.State is IncidentState.Investigating or IncidentState.Recovered,
            RefusalKind.TooEarly,
            "Too early",
            Incident.Alert is null ? "Nothing has been paged yet." : "The investigation has not begun yet. Try again in a few seconds.");
    }

    /// <summary>Ends it. Once it is closed, this does nothing.</summary>
    public async Task CloseAsync(CloseReason reason)
    {
        await InTurnAsync(() =>
        {
            if (!_closed)
            {
                Close(reason);
            }

            return true;
        }).ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Ends it because the service stops.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(CloseReason.Restarted).ConfigureAwait(false);

    private static void Require(bool condition, RefusalKind kind, string title, string detail)
    {
        if (!condition)
        {
            throw new IncidentRefusedException(kind, title, detail);
        }
    }

    private string RevertRelease(int number) =>
        (SeededDraw.For(Plan.Seed, string.Create(CultureInfo.InvariantCulture, $"revert {number}")).Next() >> 36).ToString("x7", CultureInfo.InvariantCulture);

    private async Task PlayAsync()
    {
        var paged = false;
        try
        {
            for (var second = 1; !_closed; second++)
            {
                var left = TimeSpan.FromSeconds(second) - _time.GetElapsedTime(_started);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, _stop.Token).ConfigureAwait(false);
                await InTurnAsync(() =>
                {
                    if (!_closed)
                    {
                        Tick();
                    }

                    return true;
                }).ConfigureAwait(false);
                if (!paged && Incident.Alert is not null)
                {
                    paged = true;
                    Page();
                }
            }
        }
        catch (OperationCanceledException) when (_closed)
        {
            // Closed by somebody else than the clock.
        }
        finally
        {
            await _load.CancelAsync().ConfigureAwait(false);
        }

        // After the turn that closed it: what that could not keep is tried once more.
        await InTurnAsync(() => true).ConfigureAwait(false);
    }

    private void Page()
    {
        try
        {
            _page(Incident);
        }
        catch (Exception e)
        {
            // Who is not paged must not end what they are paged for.
            _log.PageFailed(e);
        }
    }

    // One thing at a time, and what it did is kept before anybody hears of it, if it can be kept then.
    private async Task<T> InTurnAsync<T>(Func<T> turn)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            var result = turn();
            await KeepAsync().ConfigureAwait(false);
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    // In turn, batch by batch, what has happened so far. A run does not end because a disk is full for a while.
    private async Task KeepAsync()
    {
        for (var due = CountUnkept(); due > 0 && TakeBatch(Math.Min(due, BatchSize)) is { Count: > 0 } batch; due -= batch.Count)
        {
            try
            {
                await _store.AppendAsync(Incident.Id, batch).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                _keepingFails = true;
                _log.NotKept(e, PutBack(batch));
                return;
            }
        }

        if (_keepingFails)
        {
            _keepingFails = false;
            _log.Kept(_droppedLines, _droppedSignals);
            (_droppedLines, _droppedSignals) = (0, 0);
        }
    }

    private int CountUnkept()
    {
        lock (_eventsGate)
        {
            return _unkept.Count;
        }
    }

    private List<IncidentEvent> TakeBatch(int most)
    {
        lock (_eventsGate)
        {
            var batch = _unkept.GetRange(0, Math.Min(most, _unkept.Count));
            _unkept.RemoveRange(0, batch.Count);
            _waitingBytes -= batch.Sum(WeightOf);
            return batch;
        }
    }

    // Before all that has happened since, so that the order stays.
    private int PutBack(List<IncidentEvent> batch)
    {
        lock (_eventsGate)
        {
            _unkept.InsertRange(0, batch);
            _waitingBytes += batch.Sum(WeightOf);
            DropOldest();
            return _unkept.Count;
        }
    }

    private void Record(IncidentEvent happened)
    {
        // Under one lock, so that what is kept has the order of the incident, and its close is the last of it.
        lock (_eventsGate)
        {
            if (_closed)
            {
                return;
            }

            Incident.Apply(happened);
            _unkept.Add(happened);
            _waitingBytes += WeightOf(happened);
            DropOldest();
            _closed = happened is StateChanged { Closed: not null };
        }
    }

    // Under the lock. One event at the front stands for all that were dropped: they are older than every line and signal that is left.
    private void DropOldest()
    {
        if (_waitingBytes <= MaxWaitingBytes)
        {
            return;
        }

        var earlier = _unkept.OfType<Dropped>().FirstOrDefault();
        var (lines, signals) = (0, 0);
        var left = new List<IncidentEvent>(_unkept.Count);
        foreach (var waiting in _unkept)
        {
            if (_waitingBytes > MaxWaitingBytes * 9 / 10 && WeightOf(waiting) is > 0 and var weight)
            {
                _waitingBytes -= weight;
                lines += waiting is Logged ? 1 : 0;
                signals += waiting is SignalTold ? 1 : 0;
            }
            else if (waiting != earlier)
            {
                left.Add(waiting);
            }
        }

        _unkept.Clear();
        _unkept.Add(new Dropped(_time.GetUtcNow(), lines + (earlier?.Lines ?? 0), signals + (earlier?.Signals ?? 0)));
        _unkept.AddRange(left);
        _droppedLines += lines;
        _droppedSignals += signals;
    }

    // About what it takes in memory; 0 for an event that is never dropped.
    private static long WeightOf(IncidentEvent waiting) => waiting switch
    {
        Logged line => 200 + (2 * (line.Message.Length + (line.Path?.Length ?? 0) + (line.TraceId?.Length ?? 0))),
        SignalTold signal => 100 + signal.Envelope.Length,
        _ => 0,
    };

    private void Enter(IncidentState state, CloseReason? closed = null) => Record(new StateChanged(_time.GetUtcNow(), state, closed));

    private void Tick()
    {
        var now = ElapsedS;
        foreach (var second in _counter.End(_time.GetUtcNow()))
        {
            Record(second);
        }

        SayWhatWasLeftOut(Interlocked.Exchange(ref _linesThisSecond, 0) - MaxPerSecond, "lines of the log");
        SayWhatWasLeftOut(Interlocked.Exchange(ref _signalsThisSecond, 0) - MaxPerSecond, "signals");
        SayThatTheImportIsFull();
        while (_nextDeploy < Plan.Deploys.Count && Plan.Deploys[_nextDeploy].AtS <= now)
        {
            Ship(Plan.Deploys[_nextDeploy++], publish: true);
            if (Incident.State == IncidentState.Armed)
            {
                Enter(IncidentState.Injected);
            }
        }

        WatchBursts(now);
        Alert(now);
        Witness(now);
        if (Incident.State is IncidentState.Injected or IncidentState.Witnessed or IncidentState.Armed && now >= Plan.InvestigationBeginsS)
        {
            BeginInvestigation();
        }
        else if (Incident.State is IncidentState.Investigating or IncidentState.Recovered)
        {
            Judge(now);
        }

        if (!_closed && now >= MaxDuration.TotalSeconds)
        {
            Close(CloseReason.TimedOut);
        }
    }

    private void SayWhatWasLeftOut(int count, string what)
    {
        if (count > 0)
        {
            Say(Logger, $"{count} {what} of the last second were left out: more than {MaxPerSecond}.");
        }
    }

    private void Say(string logger, FormattableString message) => Record(new Logged(
        _time.GetUtcNow(),
        LogSeverity.Warning,
        logger,
        FormattableString.Invariant(message),
        TraceId: null,
        _current.Release,
        Path: null,
        Status: null,
        DurationMs: null));

    // An investigator of a blind run is not told that a table grew.
    private void SayThatTheImportIsFull()
    {
        if (_importFull || !_current.IsImportFull)
        {
            return;
        }

        _importFull = true;
        _log.ImportFull(ActivityImport.MaxRows);
        if (!Plan.IsBlind)
        {
            Say("MockSre.Domain.Profiles.ActivityImport", $"The import has added {ActivityImport.MaxRows} rows, its limit, and has ended.");
        }
    }

    private void Witness(double now)
    {
        if (Incident.State is IncidentState.Investigating or IncidentState.Recovered || _requests.Count < FirstRequests)
        {
            return;
        }

        var figures = _requests.Last(TimeSpan.FromSeconds(Plan.Witness.WindowS), atLeast: 1, Plan.ServiceLevel.Patience);
        _levelBroken |= now > Plan.Witness.WindowS && !Plan.ServiceLevel.IsKeptBy(figures);
        var seen = Plan.Witness.Kept
            ? !_levelBroken && Incident.Alert is not null
            : Incident.State != IncidentState.Armed && Plan.Witness.Reached.All(condition => condition.IsMetBy(figures));
        if (seen && !_witnessed)
        {
            _witnessed = true;
            Enter(IncidentState.Witnessed);
        }
    }

    private void Alert(double now)
    {
        if (Incident.Alert is not null)
        {
            return;
        }

        var figures = _requests.Last(TimeSpan.FromSeconds(Plan.Alert.WindowS), atLeast: 1, Plan.ServiceLevel.Patience);
        var isMet = _requests.Count >= FirstRequests && Plan.Alert.Condition.IsMetBy(figures);
        _conditionSinceS = isMet ? _conditionSinceS ?? now : null;
        if ((isMet && now >= Plan.Alert.EarliestS) || now >= Plan.Alert.LatestS)
        {
            Record(new AlertRaised(
                _time.GetUtcNow(),
                Incident.At(_conditionSinceS ?? now),
                Math.Round(Condition.ValueOf(Plan.Alert.Condition.Measure, figures), 4),
                isMet));
        }
    }

    private void BeginInvestigation()
    {
        if (!_witnessed || (Plan.Witness.Kept && _levelBroken))
        {
            Close(CloseReason.NotWitnessed);
            return;
        }

        Enter(IncidentState.Investigating);
    }

    private void Judge(double now)
    {
        var sinceChange = TimeSpan.FromSeconds(now - _changedAtS);
        var figures = _requests.Last(RecoveryTime, RecoveryRequests, Plan.ServiceLevel.Patience);
        var span = figures.Age > RecoveryTime ? figures.Age : RecoveryTime;
        var kept = Plan.ServiceLevel.IsKeptBy(figures);
        if (Incident.State == IncidentState.Recovered)
        {
            if (!kept)
            {
                Enter(IncidentState.Investigating);
            }

            return;
        }

        var bursts = _bursts.Count(at => now - at <= span.TotalSeconds);
        if (kept
            && span <= sinceChange
            && figures.Count >= RecoveryRequests
            && (bursts >= RecoveryBursts || Plan.Base.Export.Leases == 0))
        {
            Enter(IncidentState.Recovered);
        }
    }

    // Those of a replaced deployment do not count: it is what came after the change that must hold.
    private void WatchBursts(double now)
    {
        var bursts = _current.Export?.Bursts ?? 0;
        for (; _burstsSeen < bursts; _burstsSeen++)
        {
            _bursts.Enqueue(now);
        }

        while (_bursts.TryPeek(out var oldest) && now - oldest > 2 * RecoveryTime.TotalSeconds)
        {
            _bursts.Dequeue();
        }
    }

    private void Ship(PlannedDeploy deploy, bool publish)
    {
        var inEffect = _inEffect.Concat(deploy.Ships).ToList();
        var number = Incident.Deploys.Count + 1;
        if (publish)
        {
            Deploy(number, deploy.Release, DeployCause.Release, deploy.Ships, inEffect, ChangeSource.Incident, deploy.AtS < 0 ? Incident.At(deploy.AtS) : null);
        }
        else
        {
            _inEffect = inEffect;
            Record(new Deployed(Incident.At(deploy.AtS), number, deploy.Release, DeployCause.Release, deploy.Ships, inEffect, _config, Deployment: 0));
        }
    }

    private void Deploy(
        int number, string release, DeployCause cause, IReadOnlyList<string> ships, IReadOnlyList<string> inEffect, ChangeSource source, DateTimeOffset? at = null)
    {
        var traits = Plan.TraitsOf(inEffect, _config);
        var change = _failures.Publish(
            new DeploymentPlan(traits, Plan.IsBlind ? null : Plan.Scenario, release)
            {
                Scenario = Plan.Scenario,
                IsBlind = Plan.IsBlind,
                SeparatesVisitors = true,
            },
            source);
        _current = _failures.Current;
        _inEffect = inEffect;
        _burstsSeen = 0;
        _bursts.Clear();
        _changedAtS = ElapsedS;
        Record(new Deployed(at ?? change.At, number, release, cause, ships, inEffect, _config, change.Deployment));
    }

    private void Close(CloseReason reason)
    {
        foreach (var second in _counter.End(_time.GetUtcNow() + Second))
        {
            Record(second);
        }

        var recovered = Incident.State == IncidentState.Recovered;
        var needed = Plan.Key.Verdict == Verdict.Ongoing;
        var state = reason switch
        {
            CloseReason.NotWitnessed => IncidentState.Invalid,
            CloseReason.Finished => needed && recovered ? IncidentState.Recovered : IncidentState.Closed,
            CloseReason.TimedOut when recovered => IncidentState.Recovered,
            _ => IncidentState.Abandoned,
        };
        Enter(state, reason);
        _stop.Cancel();
    }
}
