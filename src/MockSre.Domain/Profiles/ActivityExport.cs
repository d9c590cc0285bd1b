using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>The export of user activity. It needs several connections of the pool at once.</summary>
/// <param name="leases">Connections it needs at once. It takes all connections of a smaller pool.</param>
/// <param name="freeFor">The pause before each burst; zero to hold the connections all the time.</param>
/// <param name="heldFor">The length of each burst.</param>
public sealed class ActivityExport(ConnectionPool pool, int leases, TimeSpan freeFor, TimeSpan heldFor, TimeProvider time) : IBackgroundJob
{
    public const string Owner = "activity-export";

    private readonly int _leases = Math.Min(leases, pool.Limit);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ConnectionLease> _held = [];
    private int _bursts;
    private int _leased;
    private int _queued;

    public ExportStatus Status => new(Volatile.Read(ref _bursts), Volatile.Read(ref _leased), Volatile.Read(ref _queued));

    private bool IsContinuous => freeFor == TimeSpan.Zero;

    /// <summary>Without bursts: takes the connections of the unused pool and holds them until it is disposed.</summary>
    /// <exception cref="DbException">A connection cannot be opened.</exception>
    public void Prepare()
    {
        for (var i = 0; IsContinuous && i < _leases; i++)
        {
            _held.Add(pool.TryAcquire(Owner) ?? throw new InvalidOperationException("The export was not the first user of its pool."));
            _leased++;
        }
    }

    public void Begin(long since)
    {
        if (!IsContinuous)
        {
            _ = RunBurstsAsync(since);
        }
    }

    /// <summary>Alternates between pauses and held connections until the export is disposed.</summary>
    /// <param name="since">The timestamp from which bursts count. Past bursts are skipped; a burst under way is joined.</param>
    public async Task RunBurstsAsync(long since)
    {
        var (free, held) = (freeFor, heldFor);
        var over = (long)(time.GetElapsedTime(since) / (free + held));
        var firstEnd = new TimeSpan((over + 1) * (free + held).Ticks);
        try
        {
            var due = Task.Delay(Left(firstEnd - held), time, _stop.Token);
            for (var end = firstEnd; ; end += free + held)
            {
                await due.ConfigureAwait(false);

                // Start the timer of the next burst first, so that a late loop delays no burst.
                due = Task.Delay(Left(end + free), time, _stop.Token);
                await HoldUntilAsync(end).ConfigureAwait(false);
                Interlocked.Increment(ref _bursts);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }

        TimeSpan Left(TimeSpan instant)
        {
            var left = instant - time.GetElapsedTime(since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        async Task HoldUntilAsync(TimeSpan end)
        {
            using var over = new CancellationTokenSource(Left(end), time);
            using var burst = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, over.Token);

            // All at once, so that they queue next to each other. Each lease has its own timer: a cancelled task continues
            // only when the thread pool has a free thread.
            var leases = Enumerable.Range(0, _leases).Select(_ => HoldOneAsync(Task.Delay(Left(end), time, _stop.Token), burst.Token));
            await Task.WhenAll(leases).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _held.ForEach(lease => lease.Dispose());
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
            // The database cannot be opened. Requests report that; the export tries again at its next burst.
        }
    }

    private async Task<ConnectionLease> QueueAsync(CancellationToken burst)
    {
        Interlocked.Increment(ref _queued);
        try
        {
            return await pool.AcquireAsync(Owner, Timeout.InfiniteTimeSpan, burst).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _queued);
        }
    }
}

/// <param name="Bursts">Bursts that have ended.</param>
public readonly record struct ExportStatus(int Bursts, int Leased, int Queued);
