using System.Diagnostics;

namespace MockSre.Checks;

/// <summary>Keeps several connections busy from one thread. Each answer is followed by the next request.</summary>
internal sealed class RequestStream(ServerProcess server, string path) : IDisposable
{
    /// <summary>Fewer connections than the service's pool has, so that no request waits.</summary>
    public const int Connections = 16;

    private readonly RawConnection[] _connections =
    [
        .. Enumerable.Range(0, Connections)
            .Select(number => new RawConnection(server.Address, $"{path}{(number % ServiceClient.Users) + 1}")),
    ];

    public Round Run(TimeSpan duration)
    {
        var serverTime = server.ProcessorTime;
        var clientTime = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var answers = Connections;
        Array.ForEach(_connections, connection => connection.Send());
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            // While this waits for one answer, the other requests are in flight.
            foreach (var connection in _connections)
            {
                Receive(connection);
                connection.Send();
            }

            answers += Connections;
        }

        Array.ForEach(_connections, Receive);
        var took = Stopwatch.GetElapsedTime(start);
        return new Round(answers, took, server.ProcessorTime - serverTime, Environment.CpuUsage.TotalTime - clientTime);
    }

    public void Dispose() => Array.ForEach(_connections, connection => connection.Dispose());

    private static void Receive(RawConnection connection)
    {
        if (connection.Receive() is var status and not 200)
        {
            throw new InvalidOperationException($"An answer was {status}; only answers with 200 can be compared.");
        }
    }
}

/// <summary>A round of requests, and the processor time on both sides.</summary>
internal sealed record Round(int Requests, TimeSpan Elapsed, TimeSpan ServerTime, TimeSpan ClientTime)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;

    public double ServerMicroseconds => ServerTime.TotalMicroseconds / Requests;

    public double ClientShare => ClientTime / (ClientTime + ServerTime);
}
