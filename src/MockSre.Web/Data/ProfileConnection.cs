using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using MockSre.Domain.Profiles;

namespace MockSre.Web.Data;

/// <summary>
/// A connection on which <c>fold_key</c> costs something: a scan that calls it for every row takes as long as the table is
/// large, on any machine. The connection can be interrupted in mid-scan.
/// </summary>
internal sealed class ProfileConnection : SqliteConnection
{
    /// <summary>The wait is taken in slices: a wait per row would be neither exact nor believable.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _rowCost;
    private readonly int _rowsPerSlice;
    private readonly TimeProvider _time;
    private readonly PooledDbContextFactory<ProfileDbContext> _contexts;
    private readonly ManualResetEventSlim _interrupted = new();
    private long _scanStart;
    private long _rows;

    public ProfileConnection(string connectionString, ProfileReading reading, TimeProvider time)
        : base(connectionString)
    {
        _rowCost = reading.ScanRowCost;
        _rowsPerSlice = _rowCost > TimeSpan.Zero ? (int)Math.Clamp(Slice / _rowCost, 1, 1000) : int.MaxValue;
        _time = time;
        var options = new DbContextOptionsBuilder<ProfileDbContext>()
            .UseSqlite(this)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        if (reading.RoundTrip > TimeSpan.Zero)
        {
            options.AddInterceptors(new RoundTripInterceptor(reading.RoundTrip, time));
        }

        _contexts = new PooledDbContextFactory<ProfileDbContext>(options.Options, poolSize: 1);
    }

    public override void Open()
    {
        base.Open();
        CreateFunction(ProfileDbContext.FoldKeyFunction, (string key) => FoldKey(key), isDeterministic: true);
    }

    /// <summary>Gives the context over this connection, to be disposed of after each use.</summary>
    /// <remarks>It is kept for the next: a new one registers EF's own SQL functions on the connection again, which takes as long as a read.</remarks>
    public ProfileDbContext CreateContext() => _contexts.CreateDbContext();

    /// <summary>Begins a read: what was interrupted before does not count.</summary>
    public void BeginRead()
    {
        _interrupted.Reset();
        _rows = 0;
    }

    /// <summary>Ends the statement that runs, from any thread.</summary>
    public void Interrupt()
    {
        _interrupted.Set();
        SQLitePCL.raw.sqlite3_interrupt(Handle!);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _interrupted.Dispose();
        }
    }

    private string FoldKey(string key)
    {
        // The clock starts with the first row: what came before, such as opening a file, takes nothing off the scan.
        if (_rows++ == 0)
        {
            _scanStart = _time.GetTimestamp();
        }

        if (_rows % _rowsPerSlice == 0)
        {
            // What the rows so far should have taken, less what they did: slow machines are not made slower.
            var owed = (_rows * _rowCost) - _time.GetElapsedTime(_scanStart);
            if (owed >= TimeSpan.FromMilliseconds(1))
            {
                _interrupted.Wait(owed);
            }

            if (_interrupted.IsSet)
            {
                // SQLite forgets an interrupt that came just before the statement began.
                SQLitePCL.raw.sqlite3_interrupt(Handle!);
            }
        }

        return key.ToLowerInvariant();
    }
}
