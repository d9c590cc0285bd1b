using System.Collections.Concurrent;
using System.Globalization;

namespace MockSre.Testing;

/// <summary>The profile endpoint as a load sees it: each request waits until the test answers it.</summary>
public sealed class FakeService
{
    private readonly ConcurrentQueue<TaskCompletionSource<int>> _unanswered = new();
    private readonly ConcurrentQueue<int> _users = new();
    private int _underWay;
    private int _most;

    /// <summary>Answers at once with this, where set.</summary>
    public Func<int, int>? Answer { get; set; }

    /// <summary>The users asked for, in order.</summary>
    public IReadOnlyCollection<int> Users => _users;

    public int UnderWay => _underWay;

    /// <summary>The most requests under way at once.</summary>
    public int Most => _most;

    public async Task<int> SendAsync(string user, CancellationToken cancellationToken)
    {
        var userId = int.Parse(user, CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_users)
        {
            _users.Enqueue(userId);
            _unanswered.Enqueue(answer);
            _most = Math.Max(_most, ++_underWay);
        }

        try
        {
            if (Answer is { } answerNow)
            {
                return answerNow(userId);
            }

            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_users)
            {
                _underWay--;
            }
        }
    }

    /// <summary>Answers the oldest request that waits.</summary>
    public void AnswerNext(int status) => Next().SetResult(status);

    /// <summary>Fails the oldest request that waits.</summary>
    public void FailNext(Exception failure) => Next().SetException(failure);

    private TaskCompletionSource<int> Next()
    {
        Assert.True(_unanswered.TryDequeue(out var next), "nobody waits for an answer");
        return next;
    }
}
