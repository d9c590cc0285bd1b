namespace MockSre.Testing;

/// <summary>A clock that goes from timer to timer: no time passes between two of them, and each is on time.</summary>
public sealed class PlayClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<PlayTimer, (long Due, long Number)> _timers = new();
    private readonly long _start = new DateTimeOffset(2026, 3, 12, 9, 0, 0, TimeSpan.Zero).Ticks;
    private long _numbers;
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(_start + GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PlayTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer is due; the end of time as long as there is none.</summary>
    public long NextDue
    {
        get
        {
            lock (_gate)
            {
                while (_timers.TryPeek(out var timer, out var at))
                {
                    if (timer.Number == at.Number)
                    {
                        return at.Due;
                    }

                    _timers.Dequeue();
                }

                return long.MaxValue;
            }
        }
    }

    /// <summary>Lets time pass until the next timer is due, and fires it.</summary>
    public void Step()
    {
        PlayTimer? due = null;
        if (!SpinWait.SpinUntil(() => TryTake(out due), Eventually.Guard))
        {
            throw new TimeoutException("No timer is set.");
        }

        due!.Fire();
    }

    private bool TryTake(out PlayTimer? due)
    {
        due = null;
        lock (_gate)
        {
            while (_timers.TryDequeue(out var timer, out var at))
            {
                if (timer.Number == at.Number)
                {
                    _ticks = Math.Max(_ticks, at.Due);
                    due = timer;
                    break;
                }
            }
        }

        return due is not null;
    }

    private sealed class PlayTimer(PlayClock clock, Action fire) : ITimer
    {
        /// <summary>Of its entry in the queue; another one was replaced.</summary>
        public long Number { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
            {
                throw new NotSupportedException("A timer fires once.");
            }

            lock (clock._gate)
            {
                Number = ++clock._numbers;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock._timers.Enqueue(this, (clock._ticks + dueTime.Ticks, Number));
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
