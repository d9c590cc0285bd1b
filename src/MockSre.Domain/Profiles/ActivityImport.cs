using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>The import of activity, which adds rows to the table in the background, once a second, for as long as it is not disposed of.</summary>
/// <param name="pool">The pool that requests use too.</param>
/// <param name="store">Where the rows go.</param>
/// <param name="rate">Rows a second.</param>
/// <param name="time">Its clock.</param>
public sealed class ActivityImport(ConnectionPool pool, IProfileStore store, int rate, TimeProvider time) : IDisposable
{
    /// <summary>The owner its leases carry.</summary>
    public const string Owner = "activity-import";

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Adds rows until disposed of.</summary>
    /// <returns>The loop's end, for those who must wait for it.</returns>
    public async Task RunAsync()
    {
        var start = time.GetTimestamp();
        var added = 0L;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, _stop.Token).ConfigureAwait(false);

                // By the clock: what a locked database held up is made up for.
                var due = (long)(time.GetElapsedTime(start).TotalSeconds * rate) - added;
                if (await AddAsync((int)due).ConfigureAwait(false))
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
    public void Dispose() => _stop.Cancel();

    private async Task<bool> AddAsync(int rows)
    {
        try
        {
            using var lease = await pool.AcquireAsync(Owner, Timeout.InfiniteTimeSpan, _stop.Token).ConfigureAwait(false);
            await store.AppendActivityAsync(lease.Connection, rows, _stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (DbException)
        {
            // The database is locked or cannot be opened: at the next turn, then.
            return false;
        }
    }
}
