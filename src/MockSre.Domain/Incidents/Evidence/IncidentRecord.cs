using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>
/// All that is known of a run: its plan and what its events add up to, whether it is under way or was read from where runs are kept. Safe for threads.
/// </summary>
public sealed class IncidentRecord
{
    /// <summary>Lines of the log that are held; older ones are let go. A file keeps them all.</summary>
    public const int MaxLogLines = 20_000;

    /// <summary>Envelopes that are held, within <see cref="SignalInbox.MaxBytes"/>; older ones are let go. A file keeps them all.</summary>
    public const int MaxEnvelopes = 20_000;

    private readonly Lock _gate = new();
    private readonly List<StateChanged> _states = [];
    private readonly List<Deployed> _deploys = [];
    private readonly List<Acted> _actions = [];
    private readonly List<Diagnosed> _diagnoses = [];
    private readonly List<SecondCounted> _seconds = [];
    private readonly Queue<(long Number, Logged Line)> _lines = new();
    private readonly SignalInbox _signals;
    private AlertRaised? _alert;
    private long _lineNumber;
    private long _droppedSignals;
    private long _version;

    /// <param name="id">The run's id.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="startedAt">When it began, UTC.</param>
    /// <param name="time">Dates what cannot be dated otherwise.</param>
    public IncidentRecord(string id, IncidentPlan plan, DateTimeOffset startedAt, TimeProvider time)
    {
        Id = id;
        Plan = plan;
        StartedAt = startedAt;
        _signals = new SignalInbox(time, MaxEnvelopes);
    }

    /// <summary>The run's id, which nobody can guess.</summary>
    public string Id { get; }

    /// <summary>What was planned.</summary>
    public IncidentPlan Plan { get; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Another number after each event.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Where it stands.</summary>
    public IncidentState State => Read(() => _states.Count == 0 ? IncidentState.Armed : _states[^1].State);

    /// <summary>Every state it was in, oldest first.</summary>
    public IReadOnlyList<StateChanged> States => Read(_states.ToArray);

    /// <summary>How it ended; null while it is open.</summary>
    public StateChanged? Closed => Read(() => _states.Count > 0 && _states[^1].Closed is not null ? _states[^1] : null);

    /// <summary>The alert; null as long as it has not rung.</summary>
    public AlertRaised? Alert => Read(() => _alert);

    /// <summary>Every deploy, oldest first.</summary>
    public IReadOnlyList<Deployed> Deploys => Read(_deploys.ToArray);

    /// <summary>What was done, oldest first.</summary>
    public IReadOnlyList<Acted> Actions => Read(_actions.ToArray);

    /// <summary>What was said, oldest first; the last counts.</summary>
    public IReadOnlyList<Diagnosed> Diagnoses => Read(_diagnoses.ToArray);

    /// <summary>The figures, second by second and release by release, oldest first.</summary>
    public IReadOnlyList<SecondCounted> Seconds => Read(_seconds.ToArray);

    /// <summary>The log with the numbers of its lines, oldest first.</summary>
    public IReadOnlyList<(long Number, Logged Line)> Lines => Read(_lines.ToArray);

    /// <summary>The run's own part of the inbox, newest first.</summary>
    public IReadOnlyList<SignalEntry> Signals => _signals.Entries;

    /// <summary>Envelopes that were let go for newer ones, or dropped before they were kept.</summary>
    public long SignalsEvicted => _signals.Counts.Evicted + Read(() => _droppedSignals);

    /// <summary>Lines that were let go for newer ones, or dropped before they were kept.</summary>
    public long LinesEvicted => Read(() => _lineNumber - _lines.Count);

    /// <summary>A moment of the plan as a time, UTC.</summary>
    public DateTimeOffset At(double seconds) => StartedAt.AddSeconds(seconds);

    /// <summary>
    /// When the service level breaks, UTC; null where it never does. A deploy goes out up to a second after its planned time.
    /// What it breaks is late by as much.
    /// </summary>
    public DateTimeOffset? OnsetAt
    {
        get
        {
            if (Plan.OnsetS is not { } onset)
            {
                return null;
            }

            var cause = Plan.Deploys.LastOrDefault(deploy => deploy.AtS <= onset && deploy.Ships.Any(Plan.IsAtFault));
            var made = Deploys.FirstOrDefault(deploy => deploy.Cause == DeployCause.Release && deploy.Release == cause?.Release);
            return made is null ? At(onset) : made.At.AddSeconds(onset - cause!.AtS);
        }
    }

    /// <summary>When the investigation begins or began, UTC.</summary>
    public DateTimeOffset InvestigationBeginsAt =>
        States.FirstOrDefault(state => state.State == IncidentState.Investigating)?.At ?? At(Plan.InvestigationBeginsS);

    /// <summary>Takes an event in.</summary>
    public void Apply(IncidentEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case StateChanged state:
                    _states.Add(state);
                    break;
                case AlertRaised alert:
                    _alert = alert;
                    break;
                case Deployed deploy:
                    _deploys.Add(deploy);
                    break;
                case Acted action:
                    _actions.Add(action);
                    break;
                case Diagnosed diagnosis:
                    _diagnoses.Add(diagnosis);
                    break;
                case SecondCounted second:
                    _seconds.Add(second);
                    break;
                case Logged line:
                    _lines.Enqueue((++_lineNumber, line));
                    if (_lines.Count > MaxLogLines)
                    {
                        _lines.Dequeue();
                    }

                    break;
                case SignalTold signal:
                    _signals.Add(signal.Envelope, SignalState.Local);
                    break;
                case Dropped dropped:
                    _lineNumber += dropped.Lines;
                    _droppedSignals += dropped.Signals;
                    break;
            }

            _version++;
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
