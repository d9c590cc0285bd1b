using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>The export of user activity, which runs in the background and needs several connections of the pool at once.</summary>
public sealed class ActivityExport : IDisposable
{
    /// <summary>The owner its leases carry.</summary>
    public const string Owner = "activity-export";

    private readonly ConnectionPool _pool;
    private readonly int _leases;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ConnectionLease> _held = [];
    private int _bursts;
    private int _leased;
    private int _queued;

    /// <param name="pool">The pool that requests use too.</param>
    /// <param name="leases">Connections it needs at once; of a smaller pool it takes all there are.</param>
    /// <param name="time">The clock of its bursts.</param>
    public ActivityExport(ConnectionPool pool, int leases, TimeProvider time)
    {
        _pool = pool;
        _leases = Math.Min(leases, pool.Limit);
        _time = time;
    }

    /// <summary>How far it has come.</summary>
    public ExportStatus Status => new(Volatile.Read(ref _bursts), Volatile.Read(ref _leased), Volatile.Read(ref _queued));

    /// <summary>Takes the connections of a fresh pool, before anybody else can, and keeps them until disposed of.</summary>
    public void Hold()
    {
        for (var i = 0; i < _leases; i++)
        {
            _held.Add(_pool.TryAcquire(Owner) ?? throw new InvalidOperationException("The export was not the first user of its pool."));
            _leased++;
        }
    }

    /// <summary>Leaves the pool alone for a while, then holds its connections for a while, again and again by the clock until disposed of.</summary>
    /// <param name="free">How long it leaves the pool alone before each burst.</param>
    /// <param name="held">How long each burst lasts.</param>
    /// <param name="since">The timestamp from which bursts count. Those that are over by now are left out, and one under way is joined.</param>
    /// <returns>The loop's end, for those who must wait for it.</returns>
    public async Task RunBurstsAsync(TimeSpan free, TimeSpan held, long since)
    {
        var over = (long)(_time.GetElapsedTime(since) / (free + held));
        var firstEnd = new TimeSpan((over + 1) * (free + held).Ticks);
        try
        {
            var due = Task.Delay(Left(firstEnd - held), _time, _stop.Token);
            for (var end = firstEnd; ; end += free + held)
            {
                await due.ConfigureAwait(false);

                // The next one's timer stands before this burst can be seen: what holds up the loop holds up no burst.
                due = Task.Delay(Left(end + free), _time, _stop.Token);
                await HoldUntilAsync(end).ConfigureAwait(false);
                Interlocked.Increment(ref _bursts);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Told to stop.
        }

        TimeSpan Left(TimeSpan instant)
        {
            var left = instant - _time.GetElapsedTime(since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        async Task HoldUntilAsync(TimeSpan end)
        {
            using var over = new CancellationTokenSource(Left(end), _time);
            using var burst = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, over.Token);

            // All at once, so that they queue next to each other. Each is given back when the burst is over by a timer of its own, and so in their order: what is
            // cancelled goes on only when the thread pool gets round to it.
            await Task.WhenAll(Enumerable.Range(0, _leases).Select(_ => HoldOneAsync(Task.Delay(Left(end), _time, _stop.Token), burst.Token))).ConfigureAwait(false);
        }
    }

    /// <summary>Stops and gives every connection back.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var lease in _held)
        {
            lease.Dispose();
        }

        _held.Clear();
    }

    private async Task HoldOneAsync(Task over, CancellationToken burst)
    {
        try
        {
            using var lease = await QueueAsync(burst).ConfigureAwait(false);
            Interlocked.Increment(ref _leased);
            try
            {
                await over.ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _leased);
            }
        }
        catch (OperationCanceledException) when (burst.IsCancellationRequested)
        {
            // The burst is over.
        }
        catch (DbException)
        {
            // The database cannot be opened. Requests say so; the export tries again at its next burst.
        }
    }

    private async Task<ConnectionLease> QueueAsync(CancellationToken burst)
    {
        Interlocked.Increment(ref _queued);
        try
        {
            return await _pool.AcquireAsync(Owner, Timeout.InfiniteTimeSpan, burst).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }
}

/// <summary>How far the export has come.</summary>
/// <param name="Bursts">Bursts that are over.</param>
/// <param name="Leased">Connections it holds now.</param>
/// <param name="Queued">Connections it waits for now.</param>
public readonly record struct ExportStatus(int Bursts, int Leased, int Queued);
