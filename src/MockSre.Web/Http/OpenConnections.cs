using Microsoft.AspNetCore.Connections;

namespace MockSre.Web.Http;

/// <summary>Tracks connections. At the limit, a new one closes the longest idle one. A connection with a request in flight stays.</summary>
internal sealed partial class OpenConnections(ConnectionLimits limits, TimeProvider time, ILogger<OpenConnections> logger)
{
    /// <summary>At most one log line about scarce connections in this time.</summary>
    public static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<OpenConnection> _open = [];
    private long? _loggedAt;
    private int _closed;
    private int _refused;

    public int Count => _gate.Read(() => _open.Count);

    /// <summary>Connections with a request in flight.</summary>
    public int Busy => _gate.Read(() => _open.Count(connection => !connection.IsIdle));

    /// <summary>Serves a new connection, or closes it if the limit is reached and all others are busy.</summary>
    public async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new OpenConnection(context, time);
        if (!TryAdd(connection))
        {
            return;
        }

        context.Features.Set(connection);
        try
        {
            await next(context);
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(connection);
            }
        }
    }

    /// <summary>Makes room for a connection that is not accepted yet.</summary>
    public void CloseLongestIdle()
    {
        OpenConnection? idle;
        lock (_gate)
        {
            idle = RemoveLongestIdle();
        }

        idle?.Close();
    }

    private bool TryAdd(OpenConnection connection)
    {
        OpenConnection? idle = null;
        (int Closed, int Refused)? toLog = null;
        bool added;
        lock (_gate)
        {
            if (_open.Count >= limits.FullFrom)
            {
                idle = RemoveLongestIdle();
                _refused += idle is null ? 1 : 0;
                toLog = TakeCounts();
            }

            added = _open.Count < limits.FullFrom && _open.Add(connection);
        }

        idle?.Close();
        if (toLog is { } counts)
        {
            LogScarce(logger, limits.FullFrom, counts.Closed, counts.Refused, LogInterval.TotalSeconds);
        }

        return added;
    }

    // Called under the lock. Null if all are busy.
    private OpenConnection? RemoveLongestIdle()
    {
        if (_open.Where(open => open.IsIdle).MinBy(open => open.IdleSince) is not { } idle)
        {
            return null;
        }

        _open.Remove(idle);
        _closed++;
        return idle;
    }

    // Called under the lock. Null if the last log line was recent.
    private (int Closed, int Refused)? TakeCounts()
    {
        if (_loggedAt is { } last && time.GetElapsedTime(last) < LogInterval)
        {
            return null;
        }

        var counts = (_closed, _refused);
        (_loggedAt, _closed, _refused) = (time.GetTimestamp(), 0, 0);
        return counts;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "All {Limit} connections are in use: {Closed} idle ones closed, {Refused} new ones refused "
        + "since the last such line (at most one in {Interval} s)")]
    private static partial void LogScarce(ILogger logger, int limit, int closed, int refused, double interval);
}

/// <summary>An open connection and its requests in flight.</summary>
internal sealed class OpenConnection(ConnectionContext context, TimeProvider time)
{
    private int _requests;
    private long _idleSince = time.GetTimestamp();

    public bool IsIdle => Volatile.Read(ref _requests) == 0;

    /// <summary>The timestamp of the last request's end, or of the connection's start.</summary>
    public long IdleSince => Volatile.Read(ref _idleSince);

    public void BeginRequest() => Interlocked.Increment(ref _requests);

    public void EndRequest()
    {
        Volatile.Write(ref _idleSince, time.GetTimestamp());
        Interlocked.Decrement(ref _requests);
    }

    public void Close() => context.Abort(new ConnectionAbortedException("Closed an idle connection to make room for a new one."));
}
