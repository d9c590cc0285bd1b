using System.Runtime.CompilerServices;

namespace MockSre.Testing;

/// <summary>Waits for continuations on other threads. The fake clock does not move meanwhile.</summary>
public static class Eventually
{
    /// <summary>Ends a test that hangs. A busy machine needs much less.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private const int Yields = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var begun = TimeProvider.System.GetTimestamp();
        var tries = 0;
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Guard, $"never true: {what}");
            await PauseAsync(++tries);
        }
    }

    public static async Task EqualAsync<T>(T expected, Func<T> actual)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var tries = 0;
        while (!Equals(actual(), expected) && TimeProvider.System.GetElapsedTime(begun) < Guard)
        {
            await PauseAsync(++tries);
        }

        Assert.Equal(expected, actual());
    }

    public static Task WithinGuard(this Task task) => task.WaitAsync(Guard, TimeProvider.System);

    public static Task<T> WithinGuard<T>(this Task<T> task) => task.WaitAsync(Guard, TimeProvider.System);

    public static Task<T> WithinGuard<T>(this ValueTask<T> task) => task.AsTask().WithinGuard();

    // A continuation is usually done after a few yields. Yielding on and on would keep a processor busy that the others need.
    private static async Task PauseAsync(int tries)
    {
        if (tries < Yields)
        {
            await Task.Yield();
        }
        else
        {
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
