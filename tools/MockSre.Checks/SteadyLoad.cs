namespace MockSre.Checks;

/// <summary>Clients that send profile requests until the load is disposed. Then requests in flight are cancelled.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>The pause between an answer and the next request. Without it, a fast mode would use all processor time.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, CancellationToken, Task<bool>> _send;
    private readonly Task _workers;
    private int _answers;
    private int _wrongAnswers;

    /// <param name="clients">The number of clients. Each has at most one request in flight.</param>
    /// <param name="send">Sends a request for a user. Returns whether the answer is right.</param>
    public SteadyLoad(int clients, Func<int, CancellationToken, Task<bool>> send)
    {
        _send = send;
        _workers = Task.WhenAll(Enumerable.Range(1, clients).Select(user => KeepSendingAsync((user % ServiceClient.Users) + 1)));
    }

    /// <summary>The answers so far. They are only counted, because storing them would cause garbage collections.</summary>
    public (int All, int Right) Answers => (_answers, _answers - _wrongAnswers);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        _stop.Dispose();
    }

    private async Task KeepSendingAsync(int user)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                if (!await _send(user, _stop.Token))
                {
                    Interlocked.Increment(ref _wrongAnswers);
                }

                Interlocked.Increment(ref _answers);
                await Task.Delay(Breath, TimeProvider.System, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
