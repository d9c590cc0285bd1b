using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>The import of activity. It adds rows to the table once a second until it is disposed.</summary>
/// <param name="rate">Rows a second.</param>
public sealed class ActivityImport(ConnectionPool pool, IProfileStore store, int rate, TimeProvider time) : IBackgroundJob
{
    public const string Owner = "activity-import";

    /// <summary>The most rows that all imports of a run add together. They take 165 MB of database.</summary>
    /// <remarks>More than the fastest shipped scenario adds in an hour (1,728,000).</remarks>
    public const int MaxRows = 2_000_000;

    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isFull;

    public bool IsFull => _isFull;

    public async Task RunAsync()
    {
        var start = time.GetTimestamp();
        var added = 0L;
        try
        {
            while (!_isFull)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, _stop.Token).ConfigureAwait(false);

                // By the clock, so that rows delayed by a locked database are caught up.
                var due = (long)(time.GetElapsedTime(start).TotalSeconds * rate) - added;
                if (await AddAsync((int)Math.Min(due, MaxRows)).ConfigureAwait(false))
                {
                    added += due;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

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
            // The database is locked or cannot be opened. The next turn tries again.
            return false;
        }
    }
}
