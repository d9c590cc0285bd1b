namespace MockSre.Checks;

/// <summary>A number of clients that send profile requests without end until disposed of; what is still under way then is given up.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>
    /// Between an answer and the next request. Without it the fast modes would answer as fast as a shared processor can send, and
    /// whoever measures would measure how the system shares it out.
    /// </summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, CancellationToken, Task<bool>> _send;
    private readonly Task _workers;
    private int _answers;
    private int _wrongAnswers;

    /// <param name="clients">Requests under way at once, at the start and whenever answers are slow.</param>
    /// <param name="send">Sends one for a user, waits for its answer, and says whether that is right.</param>
    public SteadyLoad(int clients, Func<int, CancellationToken, Task<bool>> send)
    {
        _send = send;
        _workers = Task.WhenAll(Enumerable.Range(1, clients).Select(user => KeepSendingAsync((user % ServiceClient.Users) + 1)));
    }

    /// <summary>What has come back so far: counted, not kept, so that collecting it does not stop who measures meanwhile.</summary>
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
            // Told to stop.
        }
    }
}
