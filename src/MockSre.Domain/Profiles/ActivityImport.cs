using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>The import of activity, which adds rows to the table in the background, once a second, for as long as it is not disposed of.</summary>
/// <param name="pool">The pool that requests use too.</param>
/// <param name="store">Where the rows go.</param>
/// <param name="rate">Rows a second.</param>
/// <param name="time">Its clock.</param>
public sealed class ActivityImport(ConnectionPool pool, IProfileStore store, int rate, TimeProvider time) : IBackgroundJob
{
    /// <summary>The owner its leases carry.</summary>
    public const string Owner = "activity-import";

    /// <summary>
    /// Rows that all imports of a run add together; the table stays at that. It is more than an hour of the fastest shipped scenario adds
    /// (1,728,000), and 165 MB of database.
    /// </summary>
    public const int MaxRows = 2_000_000;

    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isFull;

    /// <summary>Whether it has ended because <see cref="MaxRows"/> are added.</summary>
    public bool IsFull => _isFull;

    /// <summary>Adds rows until disposed of.</summary>
    /// <returns>The loop's end, for those who must wait for it.</returns>
    public async Task RunAsync()
    {
        var start = time.GetTimestamp();
        var added = 0L;
        try
        {
            while (!_isFull)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, _stop.Token).ConfigureAwait(false);

                // By the clock: what a locked database held up is made up for.
                var due = (long)(time.GetElapsedTime(start).TotalSeconds * rate) - added;
                if (await AddAsync((int)Math.Min(due, MaxRows)).ConfigureAwait(false))
                {
                    added += due;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Adds no more.</summary>
    public void Begin(long since) => _ = RunAsync();

    public void Retire() => _stop.Cancel();

    public void Dispose() => _stop.Cancel();

    private async Task<bool> AddAsync(int rows)
    {
        try
        {
            using var lease = await pool.AcquireAsync(Owner, Timeout.InfiniteTimeSpan, _stop.Token).ConfigureAwait(false);
            _isFull = await store.AppendActivityAsync(lease.Connection, rows, _stop.Token).ConfigureAwait(false) < rows;
            return true;
        }
        catch (DbException)
        {
            // The database is locked or cannot be opened: at the next turn, then.
            return false;
        }
    }
}
