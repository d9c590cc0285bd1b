using MockSre.Domain.Traffic;

namespace MockSre.Domain.Load;

/// <summary>A load that runs or has ended. It sends the requests of its plan and counts the answers.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer or a wait handle holds nothing to release.")]
public sealed class LoadRun
{
    /// <summary>Tolerance when times are divided: a request that is due exactly on a tick must not miss it by a rounding error.</summary>
    private const double Rounding = 1e-6;

    private readonly Func<string, CancellationToken, Task<int>> _send;
    private readonly RequestLog? _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, int> _byStatus = [];
    private readonly LatencyHistogram _latency = new();
    private readonly LatencyHistogram _okLatency = new();
    private readonly long _started;
    private DateTimeOffset? _endedAt;
    private long _ended;
    private bool _cancelled;
    private int _sent;
    private int _inFlight;
    private int _noAnswer;
    private int _skipped;

    internal LoadRun(string id, LoadPlan plan, Func<string, CancellationToken, Task<int>> send, TimeProvider time, RequestLog? log = null)
    {
        Id = id;
        Plan = plan;
        _send = send;
        _time = time;
        _log = log;
        StartedAt = time.GetUtcNow();
        _started = time.GetTimestamp();
        Completion = plan switch
        {
            LoadPlan.ClosedLoop closed => RunClosedLoopAsync(closed),
            LoadPlan.OpenLoop open => RunOpenLoopAsync(open),
            _ => throw new ArgumentOutOfRangeException(nameof(plan)),
        };
    }

    public string Id { get; }
    public LoadPlan Plan { get; }
    public DateTimeOffset StartedAt { get; }

    /// <summary>Completes when the last request has ended. It never fails.</summary>
    public Task Completion { get; }

    public bool IsRunning => _gate.Read(() => _endedAt is null);

    public LoadReport Report() => _gate.Read(() => new LoadReport(
        Id,
        Plan,
        _endedAt is null ? LoadState.Running : _cancelled ? LoadState.Cancelled : LoadState.Completed,
        StartedAt,
        _endedAt,
        _sent,
        _inFlight,
        new Dictionary<int, int>(_byStatus),
        _noAnswer,
        _skipped,
        _latency.Percentiles(),
        _okLatency.Percentiles())
    {
        Took = _endedAt is null ? _time.GetElapsedTime(_started) : _time.GetElapsedTime(_started, _ended),
    });

    /// <summary>Stops sending and cancels the requests in flight.</summary>
    public Task CancelAsync()
    {
        lock (_gate)
        {
            // A load that has completed stays completed.
            _cancelled |= _endedAt is null;
        }

        if (_cancelled)
        {
            _stop.Cancel();
        }

        return Completion;
    }

    private async Task RunClosedLoopAsync(LoadPlan.ClosedLoop plan)
    {
        await Task.Yield();
        var next = 0;
        var senders = Math.Min(plan.Concurrency, plan.Requests);
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendInTurnAsync())).ConfigureAwait(false);
        End();

        async Task SendInTurnAsync()
        {
            while (!_stop.IsCancellationRequested && Interlocked.Increment(ref next) is var number && number <= plan.Requests)
            {
                await SendAsync(number).ConfigureAwait(false);
            }
        }
    }

    private async Task RunOpenLoopAsync(LoadPlan.OpenLoop plan)
    {
        var start = _time.GetTimestamp();
        await Task.Yield();
        var underWay = new HashSet<Task>();
        var number = 0;
        try
        {
            while (true)
            {
                // Each request has a due time counted from the start, so that late requests are caught up.
                // The timer is set before the request is sent, so that a test that sees the request can advance the clock.
                underWay.RemoveWhere(task => task.IsCompleted);
                var elapsed = _time.GetElapsedTime(start);
                var due = Math.Floor((elapsed.TotalSeconds * plan.Rate) + Rounding) + 1;
                var untilNext = Task.Delay(WholeMilliseconds((due / plan.Rate) - elapsed.TotalSeconds), _time, _stop.Token);
                while (number < due)
                {
                    SendOrSkip(++number);
                }

                await untilNext.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // An open loop ends only by cancellation.
        }

        await Task.WhenAll(underWay).ConfigureAwait(false);
        End();

        // Timers count whole milliseconds, and a timer of zero fires at once.
        static TimeSpan WholeMilliseconds(double seconds) =>
            TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((seconds * 1000) - Rounding)));

        void SendOrSkip(int number)
        {
            if (underWay.Count < LoadPlan.OpenLoop.MaxInFlight)
            {
                underWay.Add(SendAsync(number));
                return;
            }

            lock (_gate)
            {
                _skipped++;
            }
        }
    }

    private async Task SendAsync(int number)
    {
        lock (_gate)
        {
            _sent++;
            _inFlight++;
        }

        var begun = _time.GetTimestamp();
        _log?.Sent(number, begun);
        int? status = null;
        try
        {
            var user = Plan is LoadPlan.OpenLoop open ? open.UserOf(number) : LoadPlan.InTurn(number);
            status = await _send(user, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Counted below as no answer. An exception that escapes would keep the load running for ever.
        }

        var latency = _time.GetElapsedTime(begun);
        _log?.Answered(number, status, latency);
        lock (_gate)
        {
            _inFlight--;
            if (status is null)
            {
                _noAnswer++;
                return;
            }

            _byStatus[status.Value] = _byStatus.GetValueOrDefault(status.Value) + 1;
            _latency.Record(latency);
            if (status == 200)
            {
                _okLatency.Record(latency);
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _endedAt = _time.GetUtcNow();
            _ended = _time.GetTimestamp();
        }
    }
}
