using System.Collections.Concurrent;

namespace MockSre.Checks;

/// <summary>Keeps a number of profile requests under way until disposed of; what is still under way then is given up.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _workers;

    /// <param name="concurrency">Requests under way at any moment.</param>
    /// <param name="send">Sends one for a user and waits for its answer.</param>
    public SteadyLoad(int concurrency, Func<int, CancellationToken, Task<Answer>> send)
    {
        _workers = Task.WhenAll(Enumerable.Range(1, concurrency).Select(user => KeepSendingAsync(send, (user % ServiceClient.Users) + 1)));
    }

    /// <summary>What has come back so far.</summary>
    public ConcurrentQueue<Answer> Answers { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        _stop.Dispose();
    }

    private async Task KeepSendingAsync(Func<int, CancellationToken, Task<Answer>> send, int user)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                Answers.Enqueue(await send(user, _stop.Token));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }
}
