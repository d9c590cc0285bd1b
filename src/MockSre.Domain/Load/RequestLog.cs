using MockSre.Domain.Traffic;

namespace MockSre.Domain.Load;

/// <summary>The result of each request of a load, as its client saw it. Only the load adds to it.</summary>
public sealed class RequestLog(TimeProvider time)
{
    /// <summary>The most requests that are kept: more than five hours at 5 a second.</summary>
    public const int Limit = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<Request> _requests = new();
    private readonly Dictionary<int, Request> _underWay = [];

    public long Count { get; private set; }

    /// <param name="atLeast">The least number of requests to include, even if they are older.</param>
    /// <param name="patience">The age from which a request without an answer counts, with its age as its latency.</param>
    public RequestFigures Last(TimeSpan span, int atLeast, TimeSpan patience)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var counted = new List<Request>();
            foreach (var request in _requests.Reverse())
            {
                var age = time.GetElapsedTime(request.SentAt, now);
                if (age > span && counted.Count >= atLeast)
                {
                    break;
                }

                if (request.Latency is not null || age > patience)
                {
                    counted.Add(request);
                }
            }

            var oldest = counted.Count > 0 ? time.GetElapsedTime(counted[^1].SentAt, now) : TimeSpan.Zero;
            var latencies = counted.Select(request => request.Latency ?? time.GetElapsedTime(request.SentAt, now)).Order().ToList();
            return new RequestFigures(
                counted.Count, counted.Count(request => request.IsError),
                counted.Count(request => request.Status is >= 400 and < 500), latencies.Percentile(95), oldest);
        }
    }

    internal void Sent(int number, long at)
    {
        lock (_gate)
        {
            var request = new Request(at);
            Count++;
            _underWay[number] = request;
            _requests.Enqueue(request);
            if (_requests.Count > Limit)
            {
                _requests.Dequeue();
            }
        }
    }

    internal void Answered(int number, int? status, TimeSpan latency)
    {
        lock (_gate)
        {
            if (_underWay.Remove(number, out var request))
            {
                request.Status = status;
                request.Latency = latency;
            }
        }
    }

    private sealed class Request(long sentAt)
    {
        public long SentAt => sentAt;
        public int? Status { get; set; }
        public TimeSpan? Latency { get; set; }

        // A request that ended without an answer is an error. One that has not ended is only slow.
        public bool IsError => Latency is not null && Status is null or >= 500;
    }
}

/// <summary>Figures of requests, as their client saw them.</summary>
/// <param name="Errors">Answers with a status from 500, and requests that ended without an answer.</param>
/// <param name="Refused">Answers with a status from 400 to 499.</param>
/// <param name="P95">The 95th percentile of latency; null without requests.</param>
/// <param name="Age">The time since the oldest of them was sent.</param>
public sealed record RequestFigures(int Count, int Errors, int Refused, TimeSpan? P95, TimeSpan Age)
{
    /// <summary>0 to 1; 0 without requests.</summary>
    public double ErrorRate => Count == 0 ? 0 : (double)Errors / Count;

    /// <summary>0 to 1; 0 without requests.</summary>
    public double RefusedRate => Count == 0 ? 0 : (double)Refused / Count;
}
