using System.Diagnostics.CodeAnalysis;
using MockSre.Domain.Traffic;

namespace MockSre.Domain.Load;

/// <summary>A load under way or ended: sends what its plan says and counts what comes back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer or a wait handle holds nothing to release.")]
public sealed class LoadRun
{
    /// <summary>Of a request's number: an instant that falls on a tick must not miss it by the error of a division.</summary>
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

    /// <summary>What it is called, unique within the process.</summary>
    public string Id { get; }

    /// <summary>What it sends.</summary>
    public LoadPlan Plan { get; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Ends when the last request has ended; never fails.</summary>
    public Task Completion { get; }

    /// <summary>Whether it has not ended yet.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _endedAt is null;
            }
        }
    }

    /// <summary>Where it stands.</summary>
    public LoadReport Report()
    {
        lock (_gate)
        {
            return new LoadReport(
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
            };
        }
    }

    /// <summary>Sends nothing more and gives up what is under way.</summary>
    /// <returns>The load's end.</returns>
    public Task CancelAsync()
    {
        lock (_gate)
        {
            // What has run to its end stays completed.
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
        await Task.WhenAll(Enumerable.Range(0, Math.Min(plan.Concurrency, plan.Requests)).Select(_ => SendInTurnAsync())).ConfigureAwait(false);
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
                // Each request has its own instant, counted from the start: what is late is caught up with, never lost. Until the next
                // one nothing runs. Its timer is set before the sending, so that nobody who sees a request sent can be ahead of it.
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
            // Told to stop: an open loop has no other end.
        }

        await Task.WhenAll(underWay).ConfigureAwait(false);
        End();

        // Timers know no shorter time, and one of nothing would end at once.
        static TimeSpan WholeMilliseconds(double seconds) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((seconds * 1000) - Rounding)));

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
            status = await _send(Plan is LoadPlan.OpenLoop open ? open.UserOf(number) : LoadPlan.InTurn(number), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // No answer, whatever the reason; counted below. A load that let one through would count as running for ever.
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
