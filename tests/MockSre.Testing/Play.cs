using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.SmallPool;
using MockSre.Domain.Incidents.Evidence;
using MockSre.Domain.Incidents.Planning;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;

namespace MockSre.Testing;

/// <summary>A run played on a fake clock and a fake database. A read takes the time that its rows cost.</summary>
/// <remarks>Each timer has its whole effect before the next one fires, so the same plan gives the same figures.</remarks>
public sealed class Play : IAsyncDisposable
{
    private readonly PlayStore _store;
    private readonly FailureSwitch _switch;
    private readonly LoadGenerator _loads;
    private readonly SignalInbox _inbox;
    private readonly ConcurrentDictionary<long, Met> _deployments = [];
    private readonly ManualResetEventSlim _begun = new();
    private int _sent;
    private int _queued;
    private int _timedOut;

    private Play(IncidentPlan plan)
    {
        _store = new PlayStore(Clock);
        _switch = new FailureSwitch(new ServiceSettings(), new FaultTimings(), _store, Clock);
        _loads = new LoadGenerator(SendAsync, Clock);
        _inbox = new SignalInbox(Clock);
        Incident = new IncidentRecord("played", plan, Clock.GetUtcNow(), Clock);
    }

    public PlayClock Clock { get; } = new();

    public IncidentRecord Incident { get; }

    public FakeIncidentStore Kept { get; } = new();

    public FakeIncidentLog Log { get; } = new();

    public IncidentRun Run { get; private set; } = null!;

    public int Pages { get; private set; }

    /// <summary>The traits of the current deployment.</summary>
    public TraitSet Traits => _switch.Current.Traits;

    /// <summary>Seconds from the start until the service level broke; null if it has not.</summary>
    public double? BrokenAtS => (ServiceLevelBreak.Of(Incident) - Incident.StartedAt)?.TotalSeconds;

    public static async Task<Play> BeginAsync(IncidentPlan plan, double maxDurationS = 3600)
    {
        var play = new Play(plan);
        play.Run = new IncidentRun(
            play.Incident,
            TimeSpan.FromSeconds(maxDurationS),
            play._switch,
            play._loads,
            play.Kept,
            play.Clock,
            _ => play.Pages++,
            play.Log);
        await play.Run.PrepareAsync();
        play.Run.Start();
        play._begun.Set();
        play.Until(() => play._sent > 0);
        play.Settle();
        return play;
    }

    /// <summary>Advances the clock.</summary>
    public void Go(double seconds)
    {
        var end = Clock.GetTimestamp() + TimeSpan.FromSeconds(seconds).Ticks;
        while (Clock.GetTimestamp() < end)
        {
            Step();
        }
    }

    /// <summary>Advances the clock until a condition is met, or up to a limit.</summary>
    public bool GoUntil(Func<bool> wished, double limitS)
    {
        var end = Clock.GetTimestamp() + TimeSpan.FromSeconds(limitS).Ticks;
        while (!wished() && Clock.GetTimestamp() < end)
        {
            Step();
        }

        return wished();
    }

    /// <summary>Sends profile requests from outside the run, all at once, and does not wait for the answers.</summary>
    public void Visit(int requests)
    {
        for (var user = 1; user <= requests; user++)
        {
            WithoutContext(() => VisitAsync(user));
        }
    }

    /// <summary>Reads by requests from outside, including those in flight.</summary>
    public int VisitorReads => _store.VisitorReads;

    /// <summary>Performs an action during the run and waits for its effect.</summary>
    public async Task<T> DoAsync<T>(Func<IncidentRun, Task<T>> what)
    {
        var done = await WithoutContext(() => what(Run));
        Settle();
        return done;
    }

    /// <inheritdoc cref="DoAsync{T}"/>
    public async Task DoAsync(Func<IncidentRun, Task> what)
    {
        await WithoutContext(() => what(Run));
        Settle();
    }

    public async ValueTask DisposeAsync()
    {
        await Run.DisposeAsync();
        await _loads.DisposeAsync();
        _switch.Dispose();
        _begun.Dispose();
    }

    private void Step()
    {
        if (Clock.NextDue > Clock.GetTimestamp())
        {
            Until(IsMomentOver);
        }

        WithoutContext(() =>
        {
            Clock.Step();
            return true;
        });
        Settle();
    }

    // With xunit's synchronisation context, code after an awaited timer would continue later, on another thread.
    private static T WithoutContext<T>(Func<T> what)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return what();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    // Waits until each request in flight waits for a connection or reads, and the pools show the same numbers.
    // The import does not report its waits, so it must find a free connection.
    private void Settle() => Until(() =>
    {
        // These are read before the pools. A request that moves in between is missed, but never counted twice.
        var (queued, reading) = (Volatile.Read(ref _queued), _store.Reading);
        var exports = _deployments.Values.Select(met => met.Deployment.Export ?? default).ToList();
        var pools = _deployments.Values.Select(met => met.Deployment.Pool).ToList();
        return pools.Sum(pool => pool.Waiting) == queued + exports.Sum(export => export.Queued)
            && pools.Sum(pool => pool.InUse) == reading + exports.Sum(export => export.Leased)
            && _loads.Runs[0].Report().InFlight == queued + reading;
    });

    // True when all due requests were sent and all past bursts were counted. Then the loops of load and exports wait for their timers.
    private bool IsMomentOver() =>
        Incident.Closed is not null
        || (_sent > (Clock.GetElapsedTime(0).TotalSeconds * Incident.Plan.Load.Rate) + 1e-6
            && _deployments.Values.Where(met => met.Users > 0 || met.Deployment == _switch.Current).All(met =>
                met.Deployment.Export is not { } export || export.Bursts >= (long)((Clock.GetTimestamp() - met.Since) / met.Period)));

    private void Until(Func<bool> wished)
    {
        var begun = Stopwatch.GetTimestamp();
        var spin = default(SpinWait);
        while (!wished())
        {
            spin.SpinOnce();
            if (Stopwatch.GetElapsedTime(begun) > Eventually.Guard)
            {
                throw new TimeoutException($"The play makes no progress: {_sent} sent, {_queued} queued, {_store.Reading} reading.");
            }
        }
    }

    private async Task<int> SendAsync(string user, CancellationToken cancellationToken)
    {
        // The load starts on its own thread. It must not run before the run has begun.
        _begun.Wait(cancellationToken);
        Interlocked.Increment(ref _sent);
        var begun = Clock.GetTimestamp();
        var deployment = _switch.BeginRequest();
        var met = _deployments.GetOrAdd(deployment.Number, _ => new Met(deployment, begun));
        met.Enter();
        var request = new Request(this);
        var status = 400;
        try
        {
            if (int.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var userId) && userId > 0)
            {
                status = await deployment.Profiles.ReadAsync(userId, request, cancellationToken) is null ? 404 : 200;
            }
        }
        catch (PoolTimeoutException e)
        {
            status = 500;
            Tell(deployment, user, e);
        }
        finally
        {
            request.End();
            var latency = Clock.GetElapsedTime(begun);
            Run.Count(deployment.Release, new RequestSample(status, latency, request.Cache, request.Reads, status == 500));
            met.Leave();
        }

        return status;
    }

    private async Task VisitAsync(int userId)
    {
        _store.IsVisitor = true;
        var deployment = _switch.BeginVisit();
        try
        {
            await deployment.VisitorProfiles.ReadAsync((userId % LoadPlan.Users) + 1, new FakeTelemetry(), CancellationToken.None);
        }
        catch (PoolTimeoutException)
        {
            // Failures of outside requests are not evidence.
        }
        finally
        {
            deployment.EndVisit();
        }
    }

    // Records the error and the log line that the service writes for a request without a connection.
    private void Tell(Deployment deployment, string user, PoolTimeoutException exception)
    {
        var error = Envelopes.Error(Interlocked.Increment(ref _timedOut));
        error["timestamp"] = Clock.GetUtcNow().ToString("O");
        error["release"] = deployment.Release;
        error["contexts"]!["deployment"]!["number"] = deployment.Number;
        Run.Tell(_inbox.Add(Envelopes.Of("event", error), SignalState.Local));
        Run.Log(new IncidentEvent.Logged(
            Clock.GetUtcNow(),
            LogSeverity.Error,
            "MockSre.Web.Profiles.ProfileRequests",
            exception.Details,
            Envelopes.TraceId,
            deployment.Release,
            $"/api/users/profile/{user}",
            500,
            null));
    }

    private sealed class Met(Deployment deployment, long since)
    {
        private int _users;

        public Deployment Deployment => deployment;

        public long Since => since;

        public int Users => Volatile.Read(ref _users);

        public double Period =>
            (deployment.Traits.Time(SmallPoolFault.ExportFreeMs) + deployment.Traits.Time(SmallPoolFault.ExportHeldMs)).Ticks;

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave()
        {
            Interlocked.Decrement(ref _users);
            deployment.EndRequest();
        }
    }

    private sealed class Request(Play play) : IProfileTelemetry
    {
        private bool _isQueued;

        public CacheOutcome? Cache { get; private set; }

        public int Reads { get; private set; }

        public void CacheAsked()
        {
        }

        public void CacheAnswered(CacheOutcome outcome) => Cache = outcome;

        public void ConnectionNeeded()
        {
        }

        public void ConnectionAwaited(ConnectionPool pool)
        {
            _isQueued = true;
            Interlocked.Increment(ref play._queued);
        }

        public void ConnectionLeased(ConnectionPool pool) => End();

        public void DatabaseReadStarting() => Reads++;

        public void End()
        {
            if (_isQueued)
            {
                _isQueued = false;
                Interlocked.Decrement(ref play._queued);
            }
        }
    }

    private sealed class PlayStore(TimeProvider time) : IProfileStore
    {
        private const int SeededRows = 20_000;

        private const int RecentRows = 100;

        private static readonly TimeSpan IndexCost = TimeSpan.FromMilliseconds(1);

        private readonly ConcurrentDictionary<DbConnection, ProfileReading> _readings = [];
        private readonly AsyncLocal<bool> _isVisitor = new();
        private int _reading;
        private int _visitorReads;
        private int _rows = SeededRows;

        public int Reading => Volatile.Read(ref _reading);

        public int VisitorReads => Volatile.Read(ref _visitorReads);

        public bool IsVisitor
        {
            set => _isVisitor.Value = value;
        }

        public DbConnection Open(ProfileReading reading)
        {
            var connection = new FakeConnection();
            _readings[connection] = reading;
            return connection;
        }

        public Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
            ReadAsync(userId, IndexCost + (2 * _readings[connection].RoundTrip), cancellationToken);

        public Task<UserProfile?> FindByRecentActivityAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
            ReadAsync(userId, IndexCost + ((IsKnown(userId) ? 2 + RecentRows : 1) * _readings[connection].RoundTrip), cancellationToken);

        public Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken) =>
            ReadAsync(userId, IsKnown(userId) ? _rows * _readings[connection].ScanRowCost : IndexCost, cancellationToken);

        public Task<int> AppendActivityAsync(DbConnection connection, int rows, CancellationToken cancellationToken)
        {
            var added = Math.Min(rows, SeededRows + ActivityImport.MaxRows - _rows);
            _rows += added;
            return Task.FromResult(added);
        }

        public Task RemoveAppendedAsync(CancellationToken cancellationToken)
        {
            _rows = SeededRows;
            return Task.CompletedTask;
        }

        // Each read takes some time, so no read ends while others begin.
        private async Task<UserProfile?> ReadAsync(int userId, TimeSpan cost, CancellationToken cancellationToken)
        {
            // The read counts from the moment its timer is set until it fires.
            var read = new TaskCompletionSource();
            var isVisitor = _isVisitor.Value;
            using var timer = time.CreateTimer(_ => End(), null, cost, Timeout.InfiniteTimeSpan);
            Interlocked.Increment(ref isVisitor ? ref _visitorReads : ref _reading);
            using var cancelled = cancellationToken.Register(End);
            await read.Task;
            cancellationToken.ThrowIfCancellationRequested();
            return IsKnown(userId)
                ? new UserProfile(userId, $"user{userId}", $"User {userId}", $"user{userId}@example.com", "free", DateTime.UnixEpoch, null)
                : null;

            void End()
            {
                if (read.TrySetResult() && !isVisitor)
                {
                    Interlocked.Decrement(ref _reading);
                }
            }
        }

        private static bool IsKnown(int userId) => userId is >= 1 and <= 10;
    }
}
