using MockSre.Domain.Traffic;

namespace MockSre.Domain.Load;

/// <summary>What became of each request of a load, as its client saw it: what nobody but the load itself can add to.</summary>
/// <param name="time">The clock of the load.</param>
public sealed class RequestLog(TimeProvider time)
{
    /// <summary>Requests that are remembered; older ones are forgotten. More than five hours at 5 a second.</summary>
    public const int Limit = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<Request> _requests = new();
    private readonly Dictionary<int, Request> _underWay = [];

    /// <summary>Requests sent so far.</summary>
    public long Count { get; private set; }

    /// <summary>What was seen of the requests sent in the last so many seconds, or of the newest so many where that takes longer.</summary>
    /// <param name="span">How far to look back.</param>
    /// <param name="atLeast">Requests that must be among them, however old.</param>
    /// <param name="patience">A request without an answer counts, as slow as it is by now, once it is older than this.</param>
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
                counted.Count,
                counted.Count(request => request.IsError),
                counted.Count(request => request.Status is >= 400 and < 500),
                latencies.Percentile(95),
                oldest);
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

        // Without an answer at its end is an error too; without an end it is only slow.
        public bool IsError => Latency is not null && Status is null or >= 500;
    }
}

/// <summary>What a client saw of some requests.</summary>
/// <param name="Count">How many.</param>
/// <param name="Errors">Those answered with a status from 500, or not at all.</param>
/// <param name="Refused">Those answered with a status from 400 to 499.</param>
/// <param name="P95">The latency that 95 of 100 did not exceed; null without any.</param>
/// <param name="Age">When the oldest of them was sent.</param>
public sealed record RequestFigures(int Count, int Errors, int Refused, TimeSpan? P95, TimeSpan Age)
{
    /// <summary>Share of errors, 0 to 1; 0 without any.</summary>
    public double ErrorRate => Count == 0 ? 0 : (double)Errors / Count;

    /// <summary>Share of requests refused, 0 to 1; 0 without any.</summary>
    public double RefusedRate => Count == 0 ? 0 : (double)Refused / Count;
}
