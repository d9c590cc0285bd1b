namespace MockSre.Testing;

/// <summary>A clock that jumps to the next due timer, so that every timer fires exactly on time.</summary>
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

    /// <summary>The timestamp at which the next timer is due; <see cref="long.MaxValue"/> if there is none.</summary>
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

    /// <summary>Advances the clock to the next due timer, and fires it.</summary>
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
        /// <summary>The number of the timer's current entry in the queue. Entries with other numbers are outdated.</summary>
        public long Number { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
            {
                throw new NotSupportedException("Periodic timers are not supported.");
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
