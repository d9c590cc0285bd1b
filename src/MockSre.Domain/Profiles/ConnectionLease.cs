using System.Data.Common;

namespace MockSre.Domain.Profiles;

/// <summary>A connection of a <see cref="ConnectionPool"/>, in use until it is disposed. Disposing it twice does nothing.</summary>
public sealed class ConnectionLease : IDisposable
{
    private readonly ConnectionPool _pool;
    private DbConnection? _connection;
    private int _returned;

    internal ConnectionLease(ConnectionPool pool, string owner, long since)
    {
        _pool = pool;
        Owner = owner;
        Since = since;
    }

    /// <summary>Who holds it, for people.</summary>
    public string Owner { get; }

    /// <exception cref="ObjectDisposedException">The lease was returned.</exception>
    public DbConnection Connection
    {
        get
        {
            ObjectDisposedException.ThrowIf(_returned != 0, this);
            return _connection!;
        }
    }

    /// <summary>The timestamp of the grant.</summary>
    internal long Since { get; }

    internal void Use(DbConnection connection) => _connection = connection;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            _pool.Return(this, _connection);
        }
    }
}
