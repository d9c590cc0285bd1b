using System.Globalization;

namespace MockSre.Domain.Load;

/// <summary>Starts loads, one of each kind at a time, and remembers the last ones.</summary>
/// <param name="send">Requests the profile of a user over HTTP and gives the answer's status.</param>
/// <param name="time">The clock of rates and latencies.</param>
public sealed class LoadGenerator(Func<string, CancellationToken, Task<int>> send, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Loads that are remembered; of more, the oldest ended one is forgotten.</summary>
    public const int HistoryLimit = 20;

    private readonly Lock _gate = new();
    private readonly List<LoadRun> _runs = [];
    private int _started;
    private bool _closed;

    /// <summary>The loads that are remembered, newest first.</summary>
    public IReadOnlyList<LoadRun> Runs
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Reverse(_runs)];
            }
        }
    }

    /// <summary>Starts a load, unless one of the same kind runs.</summary>
    /// <param name="plan">What it sends.</param>
    /// <param name="run">The load started, or the one that stands in its way.</param>
    /// <param name="log">Hears of each of its requests; null for nobody.</param>
    /// <returns>Whether it was started.</returns>
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

            // Requests from outside are no part of the call that started them.
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

    /// <summary>Finds a load that is remembered.</summary>
    public LoadRun? Find(string id) => Runs.FirstOrDefault(run => run.Id == id);

    /// <summary>Cancels every load and waits for their ends.</summary>
    public Task StopAsync() => Task.WhenAll(Runs.Select(run => run.CancelAsync()));

    /// <summary>Stops everything and starts nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        await StopAsync().ConfigureAwait(false);
    }
}
