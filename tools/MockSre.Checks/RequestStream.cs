using System.Diagnostics;

namespace MockSre.Checks;

/// <summary>Keeps every one of its connections busy, from one thread: each answer is followed by the next request at once.</summary>
internal sealed class RequestStream(ServerProcess server, string path) : IDisposable
{
    /// <summary>Requests under way: fewer than the service's pool has connections, so that none waits for one.</summary>
    public const int Connections = 16;

    private readonly RawConnection[] _connections =
        [.. Enumerable.Range(0, Connections).Select(number => new RawConnection(server.Address, $"{path}{(number % ServiceClient.Users) + 1}"))];

    /// <summary>Sends for a while.</summary>
    public Round Run(TimeSpan duration)
    {
        var serverTime = server.ProcessorTime;
        var clientTime = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var answers = Connections;
        Array.ForEach(_connections, connection => connection.Send());
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            // While one answer is waited for, the others' requests are with the server.
            foreach (var connection in _connections)
            {
                Receive(connection);
                connection.Send();
            }

            answers += Connections;
        }

        Array.ForEach(_connections, Receive);
        return new Round(answers, Stopwatch.GetElapsedTime(start), server.ProcessorTime - serverTime, Environment.CpuUsage.TotalTime - clientTime);
    }

    public void Dispose() => Array.ForEach(_connections, connection => connection.Dispose());

    private static void Receive(RawConnection connection)
    {
        if (connection.Receive() is var status and not 200)
        {
            throw new InvalidOperationException($"An answer was {status}; only 200s are worth comparing.");
        }
    }
}

/// <summary>One stretch of requests, and the processor time it cost on both sides.</summary>
internal sealed record Round(int Requests, TimeSpan Elapsed, TimeSpan ServerTime, TimeSpan ClientTime)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;

    public double ServerMicroseconds => ServerTime.TotalMicroseconds / Requests;

    public double ClientShare => ClientTime / (ClientTime + ServerTime);
}
