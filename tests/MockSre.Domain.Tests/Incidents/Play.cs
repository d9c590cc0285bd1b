using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using MockSre.Domain.Failures;
using MockSre.Domain.Incidents;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Domain.Tests.Profiles;
using MockSre.Domain.Traffic;

namespace MockSre.Domain.Tests.Incidents;

/// <summary>
/// A run played on a fake clock with everything real below it but the database, whose scans take as long as its rows cost. Each event has its whole effect
/// before time goes on, so that the same plan gives the same figures.
/// </summary>
internal sealed class Play : IAsyncDisposable
{
    private readonly PlayStore _store;
    private readonly FailureSwitch _switch;
    private readonly LoadGenerator _loads;
    private readonly ConcurrentDictionary<long, Deployment> _deployments = [];
    private int _sent;
    private int _queued;

    private Play(IncidentPlan plan)
    {
        _store = new PlayStore(Clock);
        _switch = new FailureSwitch(new ServiceSettings(), new FaultTimings(), _store, Clock);
        _loads = new LoadGenerator(SendAsync, Clock);
        Dossier = new Dossier("played", plan, Clock.GetUtcNow(), Clock);
    }

    public PlayClock Clock { get; } = new();

    public Dossier Dossier { get; }

    public FakeIncidentStore Kept { get; } = new();

    public IncidentRun Run { get; private set; } = null!;

    public int Pages { get; private set; }

    public static async Task<Play> BeginAsync(IncidentPlan plan, double maxDurationS = 3600)
    {
        var play = new Play(plan);
        play.Run = await IncidentRun.BeginAsync(
            play.Dossier, TimeSpan.FromSeconds(maxDurationS), play._switch, play._loads, play.Kept, play.Clock, _ => play.Pages++, e => Assert.Fail(e.ToString()));
        play.Until(() => play._sent > 0);
        play.Settle();
        return play;
    }

    /// <summary>Lets so much time pass.</summary>
    public void Go(double seconds)
    {
        var end = Clock.GetTimestamp() + TimeSpan.FromSeconds(seconds).Ticks;
        while (Clock.GetTimestamp() < end)
        {
            Step();
        }
    }

    /// <summary>Lets time pass until something is so, or for so long.</summary>
    public bool GoUntil(Func<bool> wished, double limitS)
    {
        var end = Clock.GetTimestamp() + TimeSpan.FromSeconds(limitS).Ticks;
        while (!wished() && Clock.GetTimestamp() < end)
        {
            Step();
        }

        return wished();
    }

    /// <summary>Does something in mid-run, and lets it have its effect.</summary>
    public async Task<T> DoAsync<T>(Func<IncidentRun, Task<T>> what)
    {
        var done = await what(Run);
        Settle();
        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await Run.DisposeAsync();
        await _loads.DisposeAsync();
        _switch.Dispose();
    }

    // Without xunit's synchronisation context, beside which whatever awaits a timer would go on later, on another thread.
    private void Step()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Clock.Step();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        Settle();
    }

    // Nothing is in motion when every request that was due before this moment was sent, each under way waits for a connection or reads, and the pools and exports agree with that.
    private void Settle() => Until(() =>
    {
        if (Dossier.Closed is null && _sent < Math.Ceiling((Clock.GetElapsedTime(0).TotalSeconds * Dossier.Plan.Load.Rate) - 1e-6))
        {
            return false;
        }

        var all = _deployments.Values;
        var reading = _store.Reading;

        // As the load counts them, which notes what became of a request before it counts it out.
        return _loads.Runs[0].Report().InFlight == _queued + reading
            && all.Sum(deployment => deployment.Pool.Waiting) == _queued + all.Sum(deployment => deployment.Export?.Queued ?? 0)
            && all.Sum(deployment => deployment.Pool.InUse) == reading + all.Sum(deployment => deployment.Export?.Leased ?? 0);
    });

    private void Until(Func<bool> wished)
    {
        var begun = Stopwatch.GetTimestamp();
        var spin = default(SpinWait);
        while (!wished())
        {
            spin.SpinOnce();
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"{_sent} sent, {_queued} queued, {_store.Reading} reading");
        }
    }

    private async Task<int> SendAsync(string user, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        var begun = Clock.GetTimestamp();
        var deployment = _switch.Enter();
        _deployments.TryAdd(deployment.Number, deployment);
        var request = new Request(this);
        var status = 400;
        try
        {
            if (int.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var userId) && userId > 0)
            {
                status = await deployment.Profiles.ReadAsync(userId, request, cancellationToken) is null ? 404 : 200;
            }
        }
        catch (PoolTimeoutException)
        {
            status = 500;
        }
        finally
        {
            request.End();
            Run?.Count(deployment.Release, new RequestSample(status, Clock.GetElapsedTime(begun), request.Cache, request.Reads, status == 500));
            deployment.Leave();
        }

        return status;
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

        private readonly ConcurrentDictionary<DbConnection, TimeSpan> _rowCosts = [];
        private int _reading;
        private int _rows = SeededRows;

        public int Reading => Volatile.Read(ref _reading);

        public DbConnection Open(TimeSpan scanRowCost)
        {
            var connection = new FakeConnection();
            _rowCosts[connection] = scanRowCost;
            return connection;
        }

        public Task<UserProfile?> FindAsync(DbConnection connection, int userId, CancellationToken cancellationToken) => Task.FromResult(Profile(userId));

        public async Task<UserProfile?> FindIgnoringCaseAsync(DbConnection connection, int userId, CancellationToken cancellationToken)
        {
            if (Profile(userId) is not { } profile)
            {
                return null;
            }

            Interlocked.Increment(ref _reading);
            try
            {
                await Task.Delay(_rows * _rowCosts[connection], time, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _reading);
            }

            return profile;
        }

        public Task AppendActivityAsync(DbConnection connection, int rows, CancellationToken cancellationToken)
        {
            _rows += rows;
            return Task.CompletedTask;
        }

        public Task RemoveAppendedAsync(CancellationToken cancellationToken)
        {
            _rows = SeededRows;
            return Task.CompletedTask;
        }

        private static UserProfile? Profile(int userId) => userId is >= 1 and <= 10
            ? new UserProfile(userId, $"user{userId}", $"User {userId}", $"user{userId}@example.com", "free", DateTimeOffset.UnixEpoch, null)
            : null;
    }
}
