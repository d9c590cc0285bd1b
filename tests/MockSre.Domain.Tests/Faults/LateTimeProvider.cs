namespace MockSre.Domain.Tests.Faults;

/// <summary>A clock whose timers fire when the test calls them. A timer that was just stopped can still fire.</summary>
internal sealed class LateTimeProvider : TimeProvider
{
    public List<LateTimer> Timers { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LateTimer(() => callback(state));
        Timers.Add(timer);
        return timer;
    }

    internal sealed class LateTimer(Action fire) : ITimer
    {
        public bool IsDisposed { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
