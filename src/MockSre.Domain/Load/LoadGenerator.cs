namespace MockSre.Domain.Load;

/// <summary>Starts loads, one of each kind at a time, and keeps the newest ones.</summary>
/// <param name="send">Requests the profile of a user over HTTP and returns the status.</param>
public sealed class LoadGenerator(Func<string, CancellationToken, Task<int>> send, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The most loads that are kept. The oldest ended one makes room for a new one.</summary>
    public const int HistoryLimit = 20;

    private readonly Lock _gate = new();
    private readonly List<LoadRun> _runs = [];
    private int _started;
    private bool _closed;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LoadRun> Runs => _gate.Read(() => Enumerable.Reverse(_runs).ToArray());

    /// <summary>Starts a load, unless one of the same kind runs.</summary>
    /// <param name="run">The new load, or the running one of the same kind.</param>
    /// <exception cref="ObjectDisposedException">The service is stopping.</exception>
    public bool TryStart(LoadPlan plan, out LoadRun run, RequestLog? log = null)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_runs.Find(other => other.IsRunning && other.Plan.GetType() == plan.GetType()) is { } busy)
            {
                run = busy;
                return false;
            }

            // Keeps the load's requests out of the trace of the call that starts it.
            using var apart = ExecutionContext.SuppressFlow();
            run = new LoadRun(string.Create(CultureInfo.InvariantCulture, $"load-{++_started}"), plan, send, time, log);
            _runs.Add(run);
            if (_runs.Count > HistoryLimit)
            {
                _runs.Remove(_runs.First(old => !old.IsRunning));
            }

            return true;
        }
    }

    public LoadRun? Find(string id) => Runs.FirstOrDefault(run => run.Id == id);

    /// <summary>Cancels every load and waits until all have ended.</summary>
    public Task StopAsync() => Task.WhenAll(Runs.Select(run => run.CancelAsync()));

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        await StopAsync().ConfigureAwait(false);
    }
}
