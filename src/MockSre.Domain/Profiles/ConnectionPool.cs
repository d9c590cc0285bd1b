using System.Data;
using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>A bounded pool of open database connections: first come, first served, with a limit on the wait. Thread-safe.</summary>
/// <remarks>
/// It has a queue of its own. SemaphoreSlim keeps no order. System.Threading.RateLimiting.ConcurrencyLimiter keeps every cancelled waiter
/// until the next permit is returned (measured: 80 MB after 200,000 waiters). A saturated pool may never return one.
/// </remarks>
/// <param name="limit">Connections at once, at least 1.</param>
/// <param name="waitLimit">The default limit on the wait.</param>
/// <param name="open">Opens a connection when no idle one is left. Called outside any lock.</param>
public sealed class ConnectionPool(int limit, TimeSpan waitLimit, Func<DbConnection> open, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly HashSet<ConnectionLease> _leases = [];
    private readonly Stack<DbConnection> _idle = [];
    private long _timeouts;
    private bool _closed;

    public int Limit { get; } = limit >= 1 ? limit : throw new ArgumentOutOfRangeException(nameof(limit));
    public TimeSpan WaitLimit { get; } = waitLimit;

    public PoolStatus Status
    {
        get
        {
            lock (_gate)
            {
                var oldest = _leases.MinBy(lease => lease.Since);
                HeldLease? longest = oldest is null ? null : new HeldLease(oldest.Owner, time.GetElapsedTime(oldest.Since));
                return new PoolStatus(Limit, _leases.Count, _waiting.Count, _timeouts, longest);
            }
        }
    }

    /// <inheritdoc cref="AcquireAsync(string, TimeSpan, CancellationToken)"/>
    public ValueTask<ConnectionLease> AcquireAsync(string owner, CancellationToken cancellationToken) =>
        AcquireAsync(owner, WaitLimit, cancellationToken);

    /// <summary>Leases a connection. Callers are served in order.</summary>
    /// <param name="owner">The caller's name, for people.</param>
    /// <param name="waitLimit">The limit on the wait, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="PoolTimeoutException">None became free in time.</exception>
    public async ValueTask<ConnectionLease> AcquireAsync(string owner, TimeSpan waitLimit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (lease, waiter) = GrantOrQueue(owner);
        if (waiter is not null)
        {
            using var deadline = new CancellationTokenSource(Left(waiter, waitLimit), time);
            using var whenLate = deadline.Token.UnsafeRegister(Expire, waiter);
            using var whenCancelled = cancellationToken.UnsafeRegister(Abandon, waiter);
            lease = await waiter.Task.ConfigureAwait(false);
            if (lease is null)
            {
                throw new PoolTimeoutException(waitLimit, waiter.Last);
            }
        }

        return Connect(lease!);
    }

    /// <summary>Leases a connection if one is free and nobody waits; null otherwise.</summary>
    public ConnectionLease? TryAcquire(string owner)
    {
        ConnectionLease lease;
        lock (_gate)
        {
            if (!MayGrant)
            {
                return null;
            }

            lease = Grant(owner);
        }

        return Connect(lease);
    }

    /// <summary>Closes idle connections now and leased ones when they are returned. Waiting callers are still served.</summary>
    public void Dispose()
    {
        DbConnection[] idle;
        lock (_gate)
        {
            _closed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in idle)
        {
            connection.Dispose();
        }
    }

    internal void Return(ConnectionLease lease, DbConnection? connection)
    {
        var keep = false;
        lock (_gate)
        {
            _leases.Remove(lease);
            if (connection is { State: ConnectionState.Open } && !_closed)
            {
                _idle.Push(connection);
                keep = true;
            }

            if (_waiting.First is { } next)
            {
                _waiting.Remove(next);
                next.Value.SetResult(Grant(next.Value.Owner));
            }
        }

        if (!keep)
        {
            connection?.Dispose();
        }
    }

    private bool MayGrant => _waiting.Count == 0 && _leases.Count < Limit;

    private (ConnectionLease? Lease, Waiter? Waiter) GrantOrQueue(string owner)
    {
        lock (_gate)
        {
            if (MayGrant)
            {
                return (Grant(owner), null);
            }

            var waiter = new Waiter(this, owner, time.GetTimestamp());
            waiter.Place = _waiting.AddLast(waiter);
            return (null, waiter);
        }
    }

    // Counted from the start of the wait: a busy machine may set the timer late.
    private TimeSpan Left(Waiter waiter, TimeSpan waitLimit)
    {
        if (waitLimit == Timeout.InfiniteTimeSpan)
        {
            return waitLimit;
        }

        var left = waitLimit - time.GetElapsedTime(waiter.Since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private ConnectionLease Grant(string owner)
    {
        var lease = new ConnectionLease(this, owner, time.GetTimestamp());
        _leases.Add(lease);
        return lease;
    }

    private ConnectionLease Connect(ConnectionLease lease)
    {
        DbConnection? connection;
        lock (_gate)
        {
            _idle.TryPop(out connection);
        }

        try
        {
            lease.Use(connection ?? open());
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static void Expire(object? state) => ((Waiter)state!).Leave(late: true, CancellationToken.None);

    private static void Abandon(object? state, CancellationToken cancellationToken) =>
        ((Waiter)state!).Leave(late: false, cancellationToken);

    /// <summary>A caller in the queue. Only the code that removes it from the list, under the lock, completes it.</summary>
    private sealed class Waiter(ConnectionPool pool, string owner, long since)
        : TaskCompletionSource<ConnectionLease?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Owner => owner;
        public long Since => since;
        public LinkedListNode<Waiter>? Place { get; set; }

        /// <summary>The pool when this left the queue, itself still in it.</summary>
        public PoolStatus Last { get; private set; }

        public void Leave(bool late, CancellationToken cancellationToken)
        {
            lock (pool._gate)
            {
                if (Place!.List is null)
                {
                    return;
                }

                // Taken under the lock: when many waits end together, each of them still sees the others.
                Last = pool.Status;
                pool._waiting.Remove(Place);
                pool._timeouts += late ? 1 : 0;
            }

            if (late)
            {
                SetResult(null);
            }
            else
            {
                SetCanceled(cancellationToken);
            }
        }
    }
}
