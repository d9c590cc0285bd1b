using System.Collections.Concurrent;
using System.Globalization;

namespace MockSre.Testing;

/// <summary>Stands for the profile endpoint under load. Each request waits until the test answers it.</summary>
public sealed class FakeService
{
    private readonly ConcurrentQueue<TaskCompletionSource<int>> _unanswered = new();
    private readonly ConcurrentQueue<int> _users = new();
    private int _underWay;
    private int _most;

    /// <summary>If set, requests are answered at once: the status for a user.</summary>
    public Func<int, int>? Answer { get; set; }

    /// <summary>The users of all requests, in order.</summary>
    public IReadOnlyCollection<int> Users => _users;

    public int UnderWay => _underWay;

    /// <summary>The peak number of requests in flight.</summary>
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

    /// <summary>Answers the oldest waiting request.</summary>
    public void AnswerNext(int status) => Next().SetResult(status);

    /// <summary>Fails the oldest waiting request.</summary>
    public void FailNext(Exception failure) => Next().SetException(failure);

    private TaskCompletionSource<int> Next()
    {
        Assert.True(_unanswered.TryDequeue(out var next), "No request waits for an answer.");
        return next;
    }
}
