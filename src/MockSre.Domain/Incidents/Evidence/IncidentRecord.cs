using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Signals;
using static MockSre.Domain.Incidents.Evidence.IncidentEvent;

namespace MockSre.Domain.Incidents.Evidence;

/// <summary>A run: its plan and the state that its events add up to. It is open, or from the database. Thread-safe.</summary>
/// <param name="time">Dates signals that have no time of their own.</param>
public sealed class IncidentRecord(string id, IncidentPlan plan, DateTimeOffset startedAt, TimeProvider time)
{
    /// <summary>The most log lines held in memory. Older lines are evicted; the database has them all.</summary>
    public const int MaxLogLines = 20_000;

    /// <summary>The most envelopes held in memory, within <see cref="SignalInbox.MaxBytes"/>. The database has them all.</summary>
    public const int MaxEnvelopes = 20_000;

    private readonly Lock _gate = new();
    private readonly List<StateChanged> _states = [];
    private readonly List<Deployed> _deploys = [];
    private readonly List<Acted> _actions = [];
    private readonly List<Diagnosed> _diagnoses = [];
    private readonly List<SecondCounted> _seconds = [];
    private readonly Queue<(long Number, Logged Line)> _lines = new();
    private readonly SignalInbox _signals = new(time, maxEnvelopes: MaxEnvelopes);
    private AlertRaised? _alert;
    private long _lineNumber;
    private long _droppedSignals;
    private long _version;

    /// <summary>The id of the run. It cannot be guessed, and is all that an investigator needs.</summary>
    public string Id => id;

    public IncidentPlan Plan => plan;
    public DateTimeOffset StartedAt => startedAt;
    public long Version => Interlocked.Read(ref _version);
    public IncidentState State => _gate.Read(() => _states.Count == 0 ? IncidentState.Armed : _states[^1].State);

    // These lists are oldest first.
    public IReadOnlyList<StateChanged> States => _gate.Read(_states.ToArray);

    /// <summary>The last change of the state. Null while the run is open.</summary>
    public StateChanged? Closed => _gate.Read(() => _states.Count > 0 && _states[^1].Closed is not null ? _states[^1] : null);

    public AlertRaised? Alert => _gate.Read(() => _alert);
    public IReadOnlyList<Deployed> Deploys => _gate.Read(_deploys.ToArray);
    public IReadOnlyList<Acted> Actions => _gate.Read(_actions.ToArray);
    public IReadOnlyList<Diagnosed> Diagnoses => _gate.Read(_diagnoses.ToArray);
    public IReadOnlyList<SecondCounted> Seconds => _gate.Read(_seconds.ToArray);

    public IReadOnlyList<(long Number, Logged Line)> Lines => _gate.Read(_lines.ToArray);

    public IReadOnlyList<SignalEntry> Signals => _signals.Entries;

    /// <summary>Envelopes that were evicted, or dropped before they were stored.</summary>
    public long SignalsEvicted => _signals.Counts.Evicted + _gate.Read(() => _droppedSignals);

    /// <summary>Log lines that were evicted, or dropped before they were stored.</summary>
    public long LinesEvicted => _gate.Read(() => _lineNumber - _lines.Count);

    /// <summary>Converts a time of the plan, in seconds from the start, to UTC.</summary>
    public DateTimeOffset At(double seconds) => StartedAt.AddSeconds(seconds);

    /// <summary>When the service level breaks, UTC. Null if it never does.</summary>
    /// <remarks>A deploy goes out up to a second after its planned time, and the onset moves with it.</remarks>
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

    /// <summary>When the investigation began or will begin, UTC.</summary>
    public DateTimeOffset InvestigationBeginsAt =>
        States.FirstOrDefault(state => state.State == IncidentState.Investigating)?.At ?? At(Plan.InvestigationBeginsS);

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
                case SignalCaptured signal:
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
}
