using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace MockSre.Web.Tests.SentryClient;

/// <summary>A fake clock that knows which waits have begun.</summary>
internal sealed class WaitingClock() : FakeTimeProvider(new DateTimeOffset(2027, 2, 3, 4, 5, 6, 789, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a wait begins, then advances the clock by its length.</summary>
    /// <returns>The length of that wait.</returns>
    public async Task<TimeSpan> PassAsync()
    {
        var wait = await _waits.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Advance(wait);
        return wait;
    }
}
